import { randomUUID } from 'node:crypto';
import { CompactSign, type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters } from 'jose';

/** A key pair of a client. */
export interface ClientKey {
  readonly alg: string;
  readonly privateKey: CryptoKey | Uint8Array;
  /** As the client registers it. */
  readonly jwk: JWK;
}

export async function clientKey(alg: string, kid = 'a key'): Promise<ClientKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid } };
}

/** A secret as the key of an HMAC. */
export function secretKey(alg: string, secret: string): ClientKey {
  return { alg, privateKey: Buffer.from(secret), jwk: { kty: 'oct' } };
}

export interface AssertionDifference {
  /** Undefined removes a claim. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Partial<JWTHeaderParameters>;
  /** What no library would write. */
  readonly rewrite?: (json: string) => string;
}

/** What the parameters of a request become with an assertion; everything left out is as it should be. */
export async function assert(
  { alg, privateKey, jwk }: ClientKey,
  clientId: string,
  { now, issuer }: { now: number; issuer: string },
  { claims, header, rewrite = (json) => json }: AssertionDifference = {},
): Promise<{ client_assertion_type: string; client_assertion: string }> {
  const good = { iss: clientId, sub: clientId, aud: issuer, exp: now + 60, iat: now, jti: randomUUID() };
  const assertion = await new CompactSign(Buffer.from(rewrite(JSON.stringify({ ...good, ...claims }))))
    .setProtectedHeader({ alg, typ: 'client-authentication+jwt', kid: jwk.kid, ...header })
    .sign(privateKey);
  return { client_assertion_type: assertionType, client_assertion: assertion };
}

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
