import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { KeySet } from '@tessera/resource-model';
import { issuer } from './running-server.spec.fixture.js';

/** What a client has that signs its requests. */
export interface RequestSigner {
  readonly jwks: KeySet;
  /** A request object of `client_id` for this server; a claim or a member of the header that is undefined is left out. */
  sign(claims: JWTPayload, header?: Readonly<Record<string, unknown>>): Promise<string>;
}

export async function requestSigner(algorithm = 'ES256', kid = 'one'): Promise<RequestSigner> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm);
  return {
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kty: (await exportJWK(publicKey)).kty!, kid }] },
    sign: (claims, header = {}) =>
      new SignJWT({ iss: claims.client_id as string, aud: issuer, ...claims })
        .setProtectedHeader({ alg: algorithm, kid, typ: 'oauth-authz-req+jwt', ...header })
        .sign(privateKey),
  };
}
