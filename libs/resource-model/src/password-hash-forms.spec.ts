import { describe, expect, it } from '@jest/globals';
import { faultsOf } from './configuration/fault.js';
import { passwordHashBeginnings, passwordHashFault, passwordHashForms } from './password-hash-forms.js';
import { User } from './user.js';

const whole: Readonly<Record<keyof typeof passwordHashForms, string>> = {
  argon2: '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  bcrypt: '$2b$12$N9qo8uLOickgx2ZMRZoMye7hLCKuEIm4BcKHuoCJsBy/5Q0NErxWS',
  scrypt: '$scrypt$ln=16,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$JbN2hANm9NOw4h5BRHZnbjzQ6Jr0QwNWojTOC2WgIbU',
  pbkdf2: '$pbkdf2-sha256$29000$8PHy8/T19vf4.fr7/P3./w$y5nE41FP/R2/UmxDUlEQsFP4Nx.Xu.w8mgq1Jg6CG.g',
  djangoPbkdf2: 'pbkdf2_sha256$600000$seasalt2Xk8$PZW0kXGJlFYsp2vDyLPP7gpI26xQETBHV7xk44IAWtQ=',
  aspNetIdentity3: 'AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw==',
  aspNetIdentity2: 'AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg==',
};
const cases = Object.entries(whole);

function identity3(...numbers: [digest: number, iterations: number, saltLength: number]): string {
  const bytes = Buffer.from(whole.aspNetIdentity3, 'base64');
  for (const [index, number] of numbers.entries()) bytes.writeUInt32BE(number, 1 + 4 * index);
  return bytes.toString('base64');
}

describe('A password hash', () => {
  it.each(cases)('as %s is accepted whole', (_name, text) => {
    expect(passwordHashFault(text)).toBeUndefined();
    expect(faultsOf(new User({ subject: '1', username: 'a', passwordHash: text }), 'users[0]')).toEqual([]);
  });

  it.each(cases)('as %s is of one form alone, and begins as editors expect', (_name, text) => {
    expect(Object.values(passwordHashForms).filter(({ pattern }) => pattern.test(text))).toHaveLength(1);
    expect(text).toMatch(new RegExp(passwordHashBeginnings, 'u'));
    expect(` ${text}`).not.toMatch(new RegExp(passwordHashBeginnings, 'u'));
  });

  it.each(cases)('as %s is refused without its end, with more behind it, and with a line break', (_name, text) => {
    for (const damaged of [text.slice(0, -4), `${text}abcd`, `${text}\n`, ` ${text}`]) {
      expect(passwordHashFault(damaged)).toMatch(/^(?:is damaged or cut off|is cut off|must be a password hash)/);
    }
  });

  it.each([
    ['argon2', '$argon2id$v=19$m=19456,t=2,p=1$c29t'],
    ['bcrypt', '$2x$12$N9qo8uLOickgx2ZMRZoMye7hLCKuEIm4BcKHuoCJsBy/5Q0NErxWS'],
    ['scrypt', '$scrypt$ln=0,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$JbN2hANm9NOw4h5BRHZnbjzQ6Jr0QwNWojTOC2WgIbU'],
    ['pbkdf2', '$pbkdf2-md5$29000$8PHy8/T19vf4.fr7/P3./w$y5nE41FP/R2/UmxDUlEQsFP4Nx.Xu.w8mgq1Jg6CG.g'],
    ['Django', 'pbkdf2_sha256$0$seasalt2Xk8$PZW0kXGJlFYsp2vDyLPP7gpI26xQETBHV7xk44IAWtQ='],
    ['ASP.NET Core Identity v3', identity3(3, 10_000, 16)],
    ['ASP.NET Core Identity v3', identity3(1, 10_000, 1000)],
    ['ASP.NET Core Identity v3', whole.aspNetIdentity3.slice(0, 70)],
    ['ASP.NET Core Identity v2', whole.aspNetIdentity2.slice(0, 60)],
  ])('that is damaged is called a damaged %s', (name, text) => {
    expect(passwordHashFault(text)).toMatch(new RegExp(`^is damaged or cut off: ${name} looks like `));
  });

  it('that was cut so that what is left looks whole is refused', () => {
    const cut = '$pbkdf2-sha512$25000$8PHy8/T19vf4.fr7/P3./w$8rRl9p3SgBu/VBwo1ceoXLquJarqIs.BBv3alE5fONS';
    expect(passwordHashFault(cut)).toBe('is cut off: the hash of a whole one has 86 characters');
  });

  it.each([
    [whole.argon2.replace('m=19456', 'm=262145'), 'at most m=262144, t=16, p=16'],
    [whole.argon2.replace('t=2', 't=17'), 'at most m=262144, t=16, p=16'],
    [whole.argon2.replace('p=1', 'p=17'), 'at most m=262144, t=16, p=16'],
    [whole.bcrypt.replace('$12$', '$15$'), 'at most a cost of 14'],
    [whole.bcrypt.replace('$12$', '$31$'), 'at most a cost of 14'],
    [whole.scrypt.replace('ln=16', 'ln=19'), 'at most 2097152 for 2^ln × r × p'],
    [whole.scrypt.replace('ln=16', 'ln=99'), 'at most 2097152 for 2^ln × r × p'],
    [whole.scrypt.replace('p=1', 'p=9999999999'), 'at most 2097152 for 2^ln × r × p'],
    [whole.pbkdf2.replace('$29000$', '$2000001$'), 'at most 2000000 iterations'],
    [whole.djangoPbkdf2.replace('$600000$', '$9999999999$'), 'at most 2000000 iterations'],
    [identity3(1, 2_000_001, 16), 'at most 2000000 iterations'],
    [identity3(2, 0xffff_ffff, 16), 'at most 2000000 iterations'],
  ])('%# that would take gigabytes or minutes to check is refused: %s', (text, most) => {
    expect(passwordHashFault(text)).toBe(`takes too much to check: ${most}`);
  });

  it.each([
    [whole.argon2.replace('p=1', 'p=4').replace('m=19456', 'm=31'), /argon2 needs m to be 8 times p/],
    [whole.bcrypt.replace('$12$', '$03$'), /a cost of 04 or more/],
    [identity3(1, 0, 16), /no iterations/],
  ])('%# that no library can check is refused', (text, fault) => {
    expect(passwordHashFault(text)).toMatch(fault);
  });

  it('in no known form hears which there are, and is not shown', () => {
    for (const text of ['', 'hunter2', 'Apple123', '5f4dcc3b5aa765d61d8327deb882cf99', 'bcrypt_sha256$$2b$12$x']) {
      const [fault] = faultsOf(new User({ subject: '1', username: 'a', passwordHash: text }), 'users[0]');
      expect(fault?.problem).toMatch(/^passwordHash must be a password hash in one of these forms: argon2 .*; bcrypt /);
      if (text !== '') expect(fault?.problem).not.toContain(text);
    }
  });

  it('is never shown in what is said about it', () => {
    for (const [, text] of cases) {
      for (const wrong of [text.slice(0, -5), `${text}!`]) {
        expect(passwordHashFault(wrong)).not.toContain(text.slice(-20, -5));
      }
    }
  });
});
