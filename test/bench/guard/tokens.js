import { createPrivateKey, createPublicKey, randomUUID, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { newKey } from '../new-key.js';

export const algorithms = ['RS256', 'ES256', 'EdDSA'];
export const audience = 'urn:bench:things';

/** Longer than any run. */
const lifetimeSeconds = 86_400;
/** What waits for Node's threads at a time. */
const atOnce = 512;
const signOnThread = promisify(sign);

/** One key for each algorithm. */
export function newKeys() {
  return algorithms.map((algorithm) => {
    const privateKey = createPrivateKey({ key: newKey(algorithm), format: 'jwk' });
    const publicKey = createPublicKey(privateKey);
    const publicJwk = publicKey.export({ format: 'jwk' });
    return { algorithm, kid: `bench-${algorithm.toLowerCase()}`, privateKey, publicKey, publicJwk };
  });
}

/** Access tokens by RFC 9068, each with a subject and a jti of its own. */
export async function mint(issuer, key, count) {
  const tokens = [];
  while (tokens.length < count) {
    const some = Array.from({ length: Math.min(atOnce, count - tokens.length) }, () => mintOne(issuer, key));
    tokens.push(...(await Promise.all(some)));
  }
  return tokens;
}

async function mintOne(issuer, { algorithm, kid, privateKey }) {
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    aud: audience,
    sub: randomUUID(),
    client_id: 'bench.client',
    scope: 'things.read things.write',
    iat,
    exp: iat + lifetimeSeconds,
    jti: randomUUID(),
  };
  const input = `${encode({ alg: algorithm, typ: 'at+jwt', kid })}.${encode(claims)}`;
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' };
  const signature = await signOnThread(digestOf(algorithm), Buffer.from(input), key);
  return `${input}.${signature.toString('base64url')}`;
}

/** What node:crypto hashes with; Ed25519 does that itself. */
export function digestOf(algorithm) {
  return algorithm === 'EdDSA' ? null : 'sha256';
}

export function subjectOf(token) {
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()).sub;
}

/** The same token with another signature: one letter in its middle is changed. */
export function withChangedSignature(token) {
  const at = token.length - Math.floor((token.length - token.lastIndexOf('.')) / 2);
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}

function encode(object) {
  return Buffer.from(JSON.stringify(object)).toString('base64url');
}
