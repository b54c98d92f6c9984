import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ApiResource } from '../api-resource.js';
import { Client, type ClientInit } from '../client.js';
import type { Jwk } from '../encryption-key.js';
import { checkConfiguration } from './check-configuration.js';
import type { Configuration } from './configuration.js';
import { describeFault } from './fault.js';

let rsa: Jwk;
beforeAll(() => {
  rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
});

function faultsOf(difference: Partial<Configuration>): string[] {
  const empty = {
    identityResources: [],
    apiScopes: [],
    apiResources: [],
    authorizationDetailTypes: [],
    clients: [],
    users: [],
  };
  return checkConfiguration({ ...empty, ...difference }, ['ES256']).faults.map(describeFault);
}
const ofClient = (difference: Partial<ClientInit>) =>
  faultsOf({
    clients: [
      new Client({ clientId: 'c', allowedGrantTypes: ['password'], requireClientSecret: false, ...difference }),
    ],
  });
const ofApi = (difference: ConstructorParameters<typeof ApiResource>[2]) =>
  faultsOf({ apiResources: [new ApiResource('api', undefined, difference)] });

describe('What a client wants encrypted', () => {
  it('needs a key of the client that fits, said at the start and not at the first answer', () => {
    const wanted = { idTokenEncryptedResponseAlg: 'RSA-OAEP-256' } as const;
    const missing = [
      'clients[0].idTokenEncryptedResponseAlg: needs a public key of the client that is for RSA-OAEP-256, in jwks or at jwksUri (got "RSA-OAEP-256")',
    ];
    expect(ofClient(wanted)).toEqual(missing);
    expect(ofClient({ ...wanted, jwks: { keys: [{ ...rsa, use: 'sig' }] } })).toEqual(missing);
    expect(ofClient({ ...wanted, jwks: { keys: [rsa] } })).toEqual([]);
    expect(ofClient({ ...wanted, jwksUri: 'https://client.example.com/jwks' })).toEqual([]);
  });

  it('is never encrypted by RSA1_5 (RFC 8725 §3.2), nor by a way without a public key', () => {
    for (const alg of ['RSA1_5', 'dir', 'A128KW', 'PBES2-HS256+A128KW', 'none']) {
      const faults = ofClient({ jwks: { keys: [rsa] }, userinfoEncryptedResponseAlg: alg as 'RSA-OAEP' });
      expect(faults).toEqual([
        expect.stringMatching(/^clients\[0\]\.userinfoEncryptedResponseAlg: .*RSA-OAEP, RSA-OAEP-256/),
      ]);
    }
  });

  it('says how the key travels where it says how the content is encrypted (OpenID Connect Registration §2)', () => {
    expect(ofClient({ authorizationEncryptedResponseEnc: 'A256GCM' })).toEqual([
      'clients[0].authorizationEncryptedResponseEnc: needs authorizationEncryptedResponseAlg beside it, which says how the key travels (got "A256GCM")',
    ]);
  });
});

describe('What a client wants signed', () => {
  it('needs a key of the server', () => {
    for (const property of ['authorizationSignedResponseAlg', 'introspectionSignedResponseAlg'] as const) {
      expect(ofClient({ [property]: 'ES256' })).toEqual([]);
      expect(ofClient({ [property]: 'PS256' })).toEqual([
        expect.stringMatching(/the server has no such key: use ES256/),
      ]);
    }
  });
});

describe('What an API wants encrypted', () => {
  it('needs the public key of the API, and one that fits', () => {
    const introspectionEncryptedResponseAlg = 'ECDH-ES' as const;
    expect(ofApi({ introspectionEncryptedResponseAlg })).toEqual([
      'apiResources[0].encryptionJwk: is needed for ECDH-ES: the public key of the API (missing)',
    ]);
    expect(ofApi({ introspectionEncryptedResponseAlg, encryptionJwk: rsa })).toEqual([
      'apiResources[0].encryptionJwk: is no key for ECDH-ES (got an object)',
    ]);
    expect(ofApi({ introspectionEncryptedResponseAlg: 'RSA-OAEP', encryptionJwk: rsa })).toEqual([]);
  });

  it('is not to be read with a key that stands in the configuration: a private one is refused, and not shown', () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const encryptionJwk = pair.privateKey.export({ format: 'jwk' }) as Jwk;
    const [fault] = ofApi({ encryptionJwk });
    expect(fault).toBe('apiResources[0].encryptionJwk: encryptionJwk must be the public key alone (got an object)');
  });
});
