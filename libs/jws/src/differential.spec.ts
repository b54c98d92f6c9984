import { beforeAll, describe, expect, it } from '@jest/globals';
import { signingAlgorithms, type SigningAlgorithm } from '@tessera/protocol';
import { compactVerify, importJWK, type CryptoKey } from 'jose';
import { JwsError } from './jws.error.js';
import { Random } from './random.spec.fixture.js';
import { encodePart, keyPairFor, signBytes, signedToken, type KeyPair } from './signing-keys.spec.fixture.js';
import { mutations, oddSignatures, type Sample } from './token-mutations.spec.fixture.js';
import { VerificationKey } from './verification-key.js';
import { verifyCompactJws } from './verify-compact-jws.js';

/**
 * Our answer against jose's, token by token. Choices are made by this seed; signatures and keys are new each time, so a
 * disagreement is reported with the token and the public key, which is all that it takes to see it again.
 */
const seed = Number(process.env.JWS_SEED ?? 20_260_101);
const count = 102_000;

/** How often each is chosen: P-384 and P-521 take ten times as long as the others, RSA the least. */
const shares: Record<SigningAlgorithm, number> = {
  ES256: 22, EdDSA: 20, RS256: 22, PS256: 22, RS384: 3, RS512: 3, PS384: 3, PS512: 3, ES384: 1, ES512: 1,
}; // prettier-ignore

interface Party {
  readonly algorithm: SigningAlgorithm;
  readonly pair: KeyPair;
  readonly key: VerificationKey;
  readonly joseKey: CryptoKey;
}

interface Verdict {
  readonly accepted: boolean;
  /** Header and payload of an accepted token, or why it is refused. */
  readonly outcome: unknown;
}

const parties = new Map<SigningAlgorithm, Party>();

beforeAll(async () => {
  const rsa = keyPairFor('RS256');
  for (const algorithm of signingAlgorithms) {
    const pair = /^[RP]S/.test(algorithm) ? rsa : keyPairFor(algorithm);
    const joseKey = (await importJWK(pair.jwk, algorithm)) as CryptoKey;
    parties.set(algorithm, { algorithm, pair, joseKey, key: await VerificationKey.fromJwk(pair.jwk, algorithm) });
  }
});

function partyOf(algorithm: SigningAlgorithm): Party {
  return parties.get(algorithm) as Party;
}

function ours(text: string, { key }: Party): Verdict {
  try {
    const { header, payload } = verifyCompactJws(text, key);
    return { accepted: true, outcome: [header, payload.toString('hex')] };
  } catch (error) {
    if (!(error instanceof JwsError)) throw error;
    return { accepted: false, outcome: error.code };
  }
}

/** jose may choose among all ten algorithms: which one the key is for, it must find out by itself. */
async function joses(text: string, { joseKey }: Party): Promise<Verdict> {
  try {
    const { protectedHeader, payload } = await compactVerify(text, joseKey, { algorithms: [...signingAlgorithms] });
    return { accepted: true, outcome: [protectedHeader, Buffer.from(payload).toString('hex')] };
  } catch (error) {
    return { accepted: false, outcome: error };
  }
}

/** Whether each part is as the encoder of Node would have written it: said in another way than the code says it. */
function isCanonical(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 3 && parts.every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

function samplesOf(): Sample[] {
  return signingAlgorithms.flatMap((algorithm) =>
    // Of different lengths, so that the parts end with none, two and four unused bits.
    Array.from({ length: 6 }, (_, index): Sample => {
      const { pair } = partyOf(algorithm);
      const header = encodePart({ alg: algorithm, typ: 'at+jwt', kid: 'k'.repeat(index + 1) });
      const payload = encodePart({ sub: 'ü'.repeat(index), exp: 1_800_000_000 + index });
      const signature = signBytes(`${header}.${payload}`, pair, algorithm).toString('base64url');
      return { algorithm, pair, header, payload, signature };
    }),
  );
}

describe(`Of ${count.toLocaleString('en')} mutated tokens`, () => {
  const kinds = new Map<string, number>();
  const codes = new Map<unknown, number>();
  const disagreements: unknown[] = [];
  const tally = (counts: Map<unknown, number>, name: unknown) => counts.set(name, (counts.get(name) ?? 0) + 1);

  /** The rule: we accept what jose accepts and what is written in canonical base64url, and nothing else. */
  async function compare(text: string, party: Party, kind: string, name: string): Promise<void> {
    const [mine, theirs] = [ours(text, party), await joses(text, party)];
    const canonical = isCanonical(text);
    const agree = mine.accepted
      ? canonical && JSON.stringify(mine.outcome) === JSON.stringify(theirs.outcome)
      : !(theirs.accepted && canonical);
    if (!agree)
      disagreements.push({ seed, kind, name, text, algorithm: party.algorithm, jwk: party.pair.jwk, mine, theirs });
    tally(kinds, `${kind}: ${mine.accepted ? 'accepted' : theirs.accepted ? 'refused by us alone' : 'refused'}`);
    tally(kinds, `${kind}, ${name}`);
    tally(kinds, party.algorithm);
    if (!mine.accepted) tally(codes, mine.outcome);
  }

  beforeAll(async () => {
    // Nearly every token is an error, and nobody reads where it came from.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    const random = new Random(seed);
    const samples = samplesOf();
    const deck = signingAlgorithms.flatMap((algorithm) => Array.from({ length: shares[algorithm] }, () => algorithm));
    const ways = Object.entries(mutations).flatMap(([kind, all]) =>
      Object.entries(all).map(([name, mutate]) => ({ kind, name, mutate })),
    );
    for (const sample of samples) {
      const texts = oddSignatures(sample);
      await Promise.all(
        texts.map((text) => compare(text, partyOf(sample.algorithm), 'algorithm', 'signed in another way')),
      );
    }
    for (let done = 0; done < count;) {
      // Many at a time: jose verifies in other threads.
      const batch = Array.from({ length: 200 }, () => {
        const algorithm = random.of(deck);
        const sample = random.of(samples.filter((each) => each.algorithm === algorithm));
        const { kind, name, mutate } = random.of(ways);
        return compare(mutate(sample, random, samples), partyOf(algorithm), kind, name);
      });
      await Promise.all(batch);
      done += batch.length;
    }
    Error.stackTraceLimit = stackTraceLimit;
  }, 120_000);

  it('none is judged differently by jose, but for what is not written in canonical base64url', () => {
    expect(disagreements.slice(0, 3)).toEqual([]);
  });

  it('there are enough of each kind: accepted, refused, and refused by us alone', () => {
    expect(Object.fromEntries([...kinds].sort())).toMatchObject({
      'none: accepted': expect.any(Number),
      'header: refused': expect.any(Number),
      'payload: refused': expect.any(Number),
      'signature: accepted': expect.any(Number),
      'signature: refused': expect.any(Number),
      'encoding: refused': expect.any(Number),
      'encoding: refused by us alone': expect.any(Number),
      'curve: refused': expect.any(Number),
      'algorithm: accepted': expect.any(Number),
      'algorithm: refused': expect.any(Number),
    });
    for (const [kind, all] of Object.entries(mutations)) {
      for (const name of Object.keys(all)) expect(kinds.get(`${kind}, ${name}`)).toBeGreaterThan(500);
    }
    for (const algorithm of signingAlgorithms) expect(kinds.get(algorithm)).toBeGreaterThan(700);
  });

  it('each of our reasons to refuse occurs, the signature itself most of all', () => {
    expect(codes.get('malformed')).toBeGreaterThan(10_000);
    expect(codes.get('algorithm_mismatch')).toBeGreaterThan(2_000);
    expect(codes.get('signature_invalid')).toBeGreaterThan(30_000);
  });
});

describe('Headers with a good signature', () => {
  const payload = { sub: 'alice' };

  async function verdicts(
    header: unknown,
    algorithm: SigningAlgorithm = 'ES256',
  ): Promise<[ours: boolean, joses: boolean]> {
    const party = partyOf(algorithm);
    const text = signedToken(header, payload, party.pair, algorithm);
    const [mine, theirs] = [ours(text, party), await joses(text, party)];
    if (mine.accepted && theirs.accepted) expect(mine.outcome).toEqual(theirs.outcome);
    return [mine.accepted, theirs.accepted];
  }

  it.each([
    ['a plain one', { alg: 'ES256' }],
    ['a member twice: the last one counts', '{"alg":"none","alg":"ES256"}'],
    ['white space around it', ' \n{"alg" : "ES256"}\t'],
    ['a name written with escapes', '{"\\u0061lg":"ES256"}'],
    ['a lone surrogate, as an escape', '{"alg":"ES256","kid":"\\ud800"}'],
    ['a member that JSON.parse must not take for the prototype', '{"alg":"ES256","__proto__":{"crit":["exp"]}}'],
    ['b64 that is true, without crit', { alg: 'ES256', b64: true }],
    ['deep nesting', `{"alg":"ES256","deep":${'['.repeat(500)}${']'.repeat(500)}}`],
    [
      'a key and addresses, which nobody reads',
      { alg: 'ES256', jwk: { kty: 'oct', k: '' }, jku: 'https://evil.example.com', kid: 7 },
    ],
  ])('both accept: %s', async (_, header) => {
    expect(await verdicts(header)).toEqual([true, true]);
  });

  it.each([
    ['no alg', {}],
    ['alg of another name', { alg: 'es256' }],
    ['alg none', { alg: 'none' }],
    ['alg in a list', { alg: ['ES256'] }],
    ['alg null', { alg: null }],
    ['alg within the prototype', '{"__proto__":{"alg":"ES256"}}'],
    ['the good alg first, another last', '{"alg":"ES256","alg":"HS256"}'],
    ['a list', [{ alg: 'ES256' }]],
    ['a header in a header', { header: { alg: 'ES256' } }],
    ['null', 'null'],
    ['text', '"ES256"'],
    ['two objects', '{"alg":"ES256"}{"alg":"ES256"}'],
    ['a comment', '{"alg":"ES256"/**/}'],
    ['a NUL after it', '{"alg":"ES256"}\0'],
    ['UTF-16', Buffer.from('{"alg":"ES256"}', 'utf16le')],
    ['an overlong form', Buffer.from('7b22616c67223a224553323536222c2261223a22c0af227d', 'hex')],
    ['a surrogate in UTF-8', Buffer.from('7b22616c67223a224553323536222c2261223a22eda080227d', 'hex')],
    ['a cut sequence', Buffer.from('7b22616c67223a224553323536222c2261223a22e282227d', 'hex')],
    ['crit with an unknown name', { alg: 'ES256', crit: ['exp'], exp: 1 }],
    ['crit that is empty', { alg: 'ES256', crit: [] }],
    ['crit null', { alg: 'ES256', crit: null }],
    ['crit that is text', { alg: 'ES256', crit: 'b64' }],
    ['crit with a name that is not there', { alg: 'ES256', crit: ['b64'] }],
  ])('both refuse: %s', async (_, header) => {
    expect(await verdicts(header)).toEqual([false, false]);
  });

  it.each([
    ['a byte order mark: jose skips it, and RFC 8259 §8.1 says that nobody may write one', '\ufeff{"alg":"ES256"}'],
    [
      'crit with b64 true: jose knows the extension of RFC 7797, and we know none',
      { alg: 'ES256', crit: ['b64'], b64: true },
    ],
    ['b64 false without crit: jose does not read it then, and RFC 7797 §6 forbids it', { alg: 'ES256', b64: false }],
  ])('jose accepts and we refuse: %s', async (_, header) => {
    expect(await verdicts(header)).toEqual([false, true]);
  });

  it('jose accepts and we refuse: a payload that is not encoded (RFC 7797), which no JWT may have', async () => {
    const party = partyOf('ES256');
    const input = `${encodePart({ alg: 'ES256', crit: ['b64'], b64: false })}.payloads`;
    const text = `${input}.${signBytes(input, party.pair, 'ES256').toString('base64url')}`;
    expect((await joses(text, party)).accepted).toBe(true);
    expect(ours(text, party)).toEqual({ accepted: false, outcome: 'extension_unknown' });
  });
});
