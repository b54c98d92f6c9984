import {
  constants,
  createCipheriv,
  createPublicKey,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import type { JWK } from 'jose';
import { encodePart } from '../token/verification.spec.fixture.js';

/** Private keys as an API would have them. */
export function rsaKey(kid?: string, more: JWK = {}, modulusLength = 2048): JWK {
  return {
    ...(generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ format: 'jwk' }) as JWK),
    ...named(kid),
    ...more,
  };
}

export function curveKey(kid?: string, namedCurve = 'P-256', more: JWK = {}): JWK {
  const { privateKey } =
    namedCurve === 'X25519' ? generateKeyPairSync('x25519') : generateKeyPairSync('ec', { namedCurve });
  return { ...(privateKey.export({ format: 'jwk' }) as JWK), ...named(kid), ...more };
}

const named = (kid: string | undefined): JWK => (kid === undefined ? {} : { kid });

/** What an attacker may do to an envelope that no library would make. */
interface Forgery {
  /** Members of the header beside those of a good one, or in their place. */
  readonly header?: Readonly<Record<string, unknown>>;
  readonly padding?: number;
  readonly contentKey?: Buffer;
  /** In the place of the content key, encrypted. */
  readonly encryptedKey?: Buffer;
}

/** An envelope for an RSA key in which everything fits together, whatever its header says: A256GCM with the header as it stands (RFC 7516 §5.1). */
export function forgedJwe(content: string | Buffer, to: JWK, forgery: Forgery = {}): string {
  const { kty, n, e, kid } = to;
  const { contentKey = randomBytes(32), padding = constants.RSA_PKCS1_OAEP_PADDING } = forgery;
  const header = encodePart({ alg: 'RSA-OAEP', enc: 'A256GCM', cty: 'JWT', kid, ...forgery.header });
  const key = createPublicKey({ key: { kty, n, e } as never, format: 'jwk' });
  const encryptedKey = forgery.encryptedKey ?? publicEncrypt({ key, padding }, contentKey);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', contentKey, iv).setAAD(Buffer.from(header));
  const ciphertext = Buffer.concat([cipher.update(content), cipher.final()]);
  const parts = [encryptedKey, iv, ciphertext, cipher.getAuthTag()];
  return [header, ...parts.map((part) => part.toString('base64url'))].join('.');
}
