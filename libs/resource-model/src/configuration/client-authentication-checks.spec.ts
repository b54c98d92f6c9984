import { describe, expect, it } from '@jest/globals';
import { Client, type ClientInit } from '../client.js';
import { Secret, sha256 } from '../secret.js';
import { checkConfiguration } from './check-configuration.js';
import { describeFault } from './fault.js';

const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
const jwks = { keys: [key] };
const jwksUri = 'https://app.example.com/keys';
const clientSecrets = [new Secret(sha256('secret'))];
const assertionSecret = 'a secret of thirty-two characters';

const faultsOf = (difference: Partial<ClientInit>) => {
  const client = new Client({ clientId: 'c', allowedGrantTypes: ['client_credentials'], ...difference });
  const configuration = { identityResources: [], apiScopes: [], apiResources: [], clients: [client], users: [] };
  return checkConfiguration({ ...configuration, authorizationDetailTypes: [] }, ['RS256']).faults.map(describeFault);
};

describe('A client that must prove who it is', () => {
  it.each<[string, Partial<ClientInit>]>([
    ['a secret', { clientSecrets }],
    ['keys', { jwks }],
    ['keys that it publishes', { jwksUri }],
    ['a secret for assertions', { assertionSecret }],
    ['keys, and says so', { jwks, tokenEndpointAuthMethod: 'private_key_jwt' }],
    ['keys, and says how they sign', { jwksUri, tokenEndpointAuthSigningAlg: 'ES256' }],
    ['a secret for assertions, and says how it signs', { assertionSecret, tokenEndpointAuthSigningAlg: 'HS256' }],
    ['a certificate among its keys', { jwks, tokenEndpointAuthMethod: 'self_signed_tls_client_auth' }],
  ])('may do so by %s', (_what, difference) => expect(faultsOf(difference)).toEqual([]));

  it.each<[Partial<ClientInit>, string]>([
    [{}, 'clientSecrets: a client with requireClientSecret needs at least one'],
    [{ jwks, tokenEndpointAuthMethod: 'client_secret_basic' }, 'clientSecrets: a client with requireClientSecret needs'],
    [{ clientSecrets, tokenEndpointAuthMethod: 'private_key_jwt' }, 'jwks: is needed for private_key_jwt'],
    [{ jwks: { keys: [] }, tokenEndpointAuthMethod: 'private_key_jwt' }, 'jwks: is needed for private_key_jwt'],
    [{ clientSecrets, tokenEndpointAuthMethod: 'client_secret_jwt' }, 'assertionSecret: is needed for client_secret_jwt'],
    [{ tokenEndpointAuthMethod: 'self_signed_tls_client_auth' }, 'jwks: is needed for self_signed_tls_client_auth'],
    [{ jwks, jwksUri }, 'jwksUri: stands beside jwks: give one of the two (RFC 7591 §2)'],
    [{ jwks, tokenEndpointAuthSigningAlg: 'HS256' }, 'tokenEndpointAuthSigningAlg: is for client_secret_jwt, by which'],
    [{ clientSecrets, tokenEndpointAuthSigningAlg: 'RS256' }, 'tokenEndpointAuthSigningAlg: is for private_key_jwt, by which'],
    [{ assertionSecret, tokenEndpointAuthSigningAlg: 'HS384' }, 'tokenEndpointAuthSigningAlg: needs an assertionSecret of at least 48 bytes'],
    [{ assertionSecret: 'short' }, 'assertionSecret: assertionSecret must be longer than or equal to 32 characters (the value is not shown)'],
    [{ jwks: { keys: [{ ...key, d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A' }] } }, 'jwks: jwks must hold public keys only'],
    [{ jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } }, 'jwks: jwks must hold public keys only'],
    [{ jwks: { keys: [{}] as never } }, 'jwks: jwks must hold keys as JSON objects with a kty'],
    [{ jwks: key as never }, 'jwks: jwks must be a JWK Set'],
    [{ jwks: { keys: Array<object>(51).fill(key) as never } }, 'jwks: jwks must not hold more than 50 keys'],
    [{ jwksUri: 'keys' }, 'jwksUri: jwksUri must be an absolute http or https URL'],
  ])('cannot by %j', (difference, fault) => {
    const found = faultsOf(difference);
    expect(found).toEqual([expect.stringContaining(`clients[0].${fault}`)]);
    expect(found[0]).not.toMatch('nWGxne');
  }); // prettier-ignore
});
