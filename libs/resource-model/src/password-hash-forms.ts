/** A form in which password hashes are kept, here or where people come from. */
export interface PasswordHashForm {
  readonly name: string;
  /** What every hash of this form begins with: one that does and does not match the pattern is damaged. */
  readonly begins: RegExp;
  /** The whole of it; what a check needs of it has a name. */
  readonly pattern: RegExp;
  readonly example: string;
  /** What is wrong with the numbers in a hash that matches. One that takes minutes or gigabytes to check would stop the server. */
  readonly fault: (text: string) => string | undefined;
}

/** Base64 without padding; of the last character no bit is lost. */
const base64 = '(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/][AQgw]|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048])?';
const number = '[1-9][0-9]{0,9}';

/** Its hash has 16, 20, 24, 32, 48 or 64 bytes, as products write it: most others are cut off. */
const argon2: PasswordHashForm = {
  name: 'argon2',
  begins: /^\$argon2/,
  pattern: new RegExp(
    String.raw`^\$argon2(?:id|i|d)\$v=(?:16|19)\$m=(?<memory>${number}),t=(?<passes>${number}),p=(?<lanes>${number})` +
      String.raw`\$(?=[^$]{11,86}\$)${base64}\$(?=(?:.{22}|.{27}|.{32}|.{43}|.{64}|.{86})$)${base64}$`,
  ),
  example: '$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>',
  fault(text) {
    const { memory, passes, lanes } = partsOf(argon2, text);
    if (Number(memory) < 8 * Number(lanes)) return 'cannot be checked: argon2 needs m to be 8 times p, or more';
    const isBounded = Number(memory) <= 262_144 && Number(passes) <= 16 && Number(lanes) <= 16;
    return isBounded ? undefined : 'takes too much to check: at most m=262144, t=16, p=16';
  },
};

const bcrypt: PasswordHashForm = {
  name: 'bcrypt',
  begins: /^\$2/,
  pattern: /^\$2[aby]\$(?<cost>[0-9]{2})\$[./A-Za-z0-9]{22}[./A-Za-z0-9]{31}$/,
  example: '$2b$12$<salt and hash, 53 characters>',
  fault(text) {
    const cost = Number(partsOf(bcrypt, text).cost);
    if (cost < 4) return 'cannot be checked: bcrypt has a cost of 04 or more';
    return cost <= 14 ? undefined : 'takes too much to check: at most a cost of 14';
  },
};

const scrypt: PasswordHashForm = {
  name: 'scrypt',
  begins: /^\$scrypt/,
  pattern: new RegExp(
    String.raw`^\$scrypt\$ln=(?<ln>[1-9][0-9]?),r=(?<r>${number}),p=(?<p>${number})` +
      String.raw`\$(?<salt>(?=[^$]{11,86}\$)${base64})\$(?<hash>(?=(?:.{43}|.{86})$)${base64})$`,
  ),
  example: '$scrypt$ln=16,r=8,p=1$<salt>$<hash>',
  fault(text) {
    const { ln, r, p } = partsOf(scrypt, text);
    // 2^21 blocks of 128 bytes: 256 MiB at once, or one after another.
    const isBounded = 2 ** Number(ln) * Number(r) * Number(p) <= 2 ** 21;
    return isBounded ? undefined : 'takes too much to check: at most 2097152 for 2^ln × r × p';
  },
};

const pbkdf2: PasswordHashForm = {
  name: 'pbkdf2',
  begins: /^\$pbkdf2/,
  pattern: new RegExp(
    String.raw`^\$pbkdf2(?:-(?<digest>sha256|sha512))?\$(?<iterations>${number})` +
      String.raw`\$(?<salt>[./A-Za-z0-9]{11,86})\$(?<hash>(?:[./A-Za-z0-9]{27}|[./A-Za-z0-9]{43}|[./A-Za-z0-9]{86}))$`,
  ),
  example: '$pbkdf2-sha256$29000$<salt>$<hash>, base64 with . for + and without =',
  fault(text) {
    const { digest = 'sha1', iterations, hash } = partsOf(pbkdf2, text);
    const whole = { sha1: 27, sha256: 43, sha512: 86 }[digest] ?? 0;
    // A shorter one would still match the right password, and the more of the wrong ones the shorter it is.
    if (hash!.length < whole) return `is cut off: the hash of a whole one has ${whole} characters`;
    return iterationsFault(Number(iterations));
  },
};

const djangoPbkdf2: PasswordHashForm = {
  name: 'Django',
  begins: /^pbkdf2_/,
  pattern: new RegExp(
    String.raw`^pbkdf2_sha256\$(?<iterations>${number})\$(?<salt>[!-#%-~]{1,128})\$(?<hash>[A-Za-z0-9+/]{43}=)$`,
  ),
  example: 'pbkdf2_sha256$600000$<salt>$<hash>',
  fault: (text) => iterationsFault(Number(partsOf(djangoPbkdf2, text).iterations)),
};

/** One byte 0, 16 of salt, 32 of hash: PBKDF2 with HMAC-SHA1, 1000 iterations. */
const aspNetIdentity2: PasswordHashForm = {
  name: 'ASP.NET Core Identity v2',
  begins: /^A[A-P][A-Za-z0-9+/]{40}/,
  pattern: /^A[A-P][A-Za-z0-9+/]{63}[AQgw]==$/,
  example: 'AAA…==, 68 characters',
  fault: () => undefined,
};

/** One byte 1; the digest, the iterations and the length of the salt in four bytes each; 16 bytes of salt, 32 of hash. */
const aspNetIdentity3: PasswordHashForm = {
  name: 'ASP.NET Core Identity v3',
  begins: /^AQAAAA/,
  pattern: /^AQAAAA[A-L][A-Za-z0-9+/]{5}AAAAE[A-P][A-Za-z0-9+/]{63}[AQgw]==$/,
  example: 'AQAAAA…==, 84 characters',
  fault: (text) => iterationsFault(Buffer.from(text, 'base64').readUInt32BE(5)),
};

/** All forms that are known here, ours first. */
export const passwordHashForms = {
  argon2,
  bcrypt,
  scrypt,
  pbkdf2,
  djangoPbkdf2,
  aspNetIdentity3,
  aspNetIdentity2,
} as const;

const all: readonly PasswordHashForm[] = Object.values(passwordHashForms);

/** How all of them begin, as one regular expression: what an editor tells apart from the password itself. */
export const passwordHashBeginnings = all.map(({ begins }) => begins.source).join('|');

/** What is wrong with a password hash, said without showing any of it; undefined: it can be checked. */
export function passwordHashFault(text: string): string | undefined {
  const form = all.find(({ pattern }) => pattern.test(text));
  if (form) return form.fault(text);
  const meant = all.find(({ begins }) => begins.test(text));
  if (meant) return `is damaged or cut off: ${meant.name} looks like ${meant.example}`;
  return `must be a password hash in one of these forms: ${all.map(({ name, example }) => `${name} (${example})`).join('; ')}`;
}

/** The named parts of a hash that matches the form. */
export function partsOf({ pattern }: PasswordHashForm, text: string): Readonly<Record<string, string | undefined>> {
  return pattern.exec(text)?.groups ?? {};
}

function iterationsFault(iterations: number): string | undefined {
  if (iterations < 1) return 'cannot be checked: it has no iterations';
  return iterations <= 2_000_000 ? undefined : 'takes too much to check: at most 2000000 iterations';
}
