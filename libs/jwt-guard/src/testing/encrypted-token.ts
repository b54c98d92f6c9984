import { TokenTypes, type ContentEncryption, type EncryptionAlgorithm } from '@tessera/protocol';
import { CompactEncrypt, type CompactJWEHeaderParameters, type JWK } from 'jose';
import type { Members } from './compact-token.js';

/** How a token is encrypted. */
export interface EncryptOptions {
  /** How its key travels. Default: the `alg` of the key, and without one RSA-OAEP-256 with RSA, ECDH-ES with a curve. */
  alg?: EncryptionAlgorithm;
  /** Default A128CBC-HS256. */
  enc?: ContentEncryption;
  /** Members of the header beside `alg`, `enc`, `cty: 'at+jwt'` and the `kid` of the key, or in their place; undefined takes one out. */
  header?: Members;
}

/** A token in an envelope that the holder of a key alone can open (RFC 7516). */
export function encryptedToken(token: string, to: JWK, { alg, enc, header }: EncryptOptions = {}): Promise<string> {
  // The public half: a test has the private one at hand.
  const { kty, n, e, crv, x, y, kid } = to;
  const usual = {
    alg: alg ?? to.alg ?? (kty === 'RSA' ? 'RSA-OAEP-256' : 'ECDH-ES'),
    enc: enc ?? 'A128CBC-HS256',
    cty: TokenTypes.accessToken,
    kid,
  };
  return new CompactEncrypt(Buffer.from(token))
    .setProtectedHeader(withoutUndefined({ ...usual, ...header }) as CompactJWEHeaderParameters)
    .encrypt(withoutUndefined({ kty, n, e, crv, x, y }));
}

function withoutUndefined(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
