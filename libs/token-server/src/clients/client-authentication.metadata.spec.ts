import { describe, expect, it } from '@jest/globals';
import { ApiResource, type Client, ResourceCatalogue, Secret, sha256 } from '@tessera/resource-model';
import type { DiscoveryContext } from '../http/discovery-part.js';
import { client } from '../running-server.spec.fixture.js';
import { clientAuthenticationMetadata } from './client-authentication.metadata.js';

const keyed = (difference: Partial<Client> = {}) =>
  client('keyed', { clientSecrets: [], jwksUri: 'https://app.example.com/keys', ...difference });
const shared = client('shared', { clientSecrets: [], assertionSecret: 'x'.repeat(64) });
const api = new ApiResource('api', 'API', { apiSecrets: [new Secret(sha256('secret'))] });

const told = (clients: Client[], apis: ApiResource[] = [], off: string[] = []) =>
  clientAuthenticationMetadata(context(clients, apis, off), {});

const context = (clients: Client[], apis: ApiResource[], off: string[]) =>
  ({
    clients,
    catalogue: new ResourceCatalogue([], [], apis),
    url: (endpoint: string) => (off.includes(endpoint) ? undefined : endpoint),
  }) as unknown as DiscoveryContext;

describe('What discovery says of client authentication (RFC 8414 §2)', () => {
  it('names the ways that some client can use, for each endpoint', () => {
    const methods = ['client_secret_jwt', 'private_key_jwt'];
    expect(told([keyed(), shared])).toMatchObject({
      token_endpoint_auth_methods_supported: methods,
      introspection_endpoint_auth_methods_supported: methods,
      revocation_endpoint_auth_methods_supported: methods,
    });
  });

  it('names the algorithms of assertions, those that some client may use', () => {
    const algorithms = (clients: Client[]) => told(clients).token_endpoint_auth_signing_alg_values_supported;
    expect(algorithms([keyed({ tokenEndpointAuthSigningAlg: 'ES256' }), shared])).toEqual([
      'ES256',
      'HS256',
      'HS384',
      'HS512',
    ]);
    const both = [
      keyed({ tokenEndpointAuthSigningAlg: 'ES256' }),
      keyed({ tokenEndpointAuthSigningAlg: 'PS256' }),
      client('plain'),
    ];
    expect(algorithms(both)).toEqual(['PS256', 'ES256']);
    expect(algorithms([keyed()])).toHaveLength(10);
    expect(algorithms([client('plain')])).toBeUndefined();
  });

  it('adds the secrets of APIs where they ask about tokens, and there alone', () => {
    const { token_endpoint_auth_methods_supported: token, ...others } = told([keyed()], [api]);
    expect(token).toEqual(['private_key_jwt']);
    expect(others.introspection_endpoint_auth_methods_supported).toEqual([
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
    ]);
  });

  it('says nothing of endpoints that are off', () => {
    const names = Object.keys(told([keyed()], [], ['introspection', 'revocation']));
    expect(names.every((name) => name.startsWith('token_endpoint'))).toBe(true);
  });
});
