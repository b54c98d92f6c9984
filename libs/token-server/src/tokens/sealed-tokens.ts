import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { TokenSet } from './token-set.js';

const algorithm = 'aes-256-gcm';

/**
 * Seals a response under the refresh token it answers: whoever presents that token again can be given the response again,
 * and whoever reads the store, where only the token's hash is, cannot open it.
 */
export function sealTokens(tokens: TokenSet, handle: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv(algorithm, keyFrom(handle), nonce);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(tokens), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** @throws Error when the seal is broken or another handle's */
export function unsealTokens(sealed: string, handle: string): TokenSet {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv(algorithm, keyFrom(handle), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  const opened = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
  return JSON.parse(opened.toString('utf8')) as TokenSet;
}

/**
 * HKDF without its first half: a handle is 256 random bits, as uniform as what extraction would make of it, and may stand in its place (RFC 5869 §3.3). What is left
 * is one block of the expansion (§2.3): one HMAC, where the whole of HKDF costs three and more around them.
 */
function keyFrom(handle: string): Uint8Array {
  return createHmac('sha256', Buffer.from(handle, 'base64url')).update('tessera refresh response\x01').digest();
}
