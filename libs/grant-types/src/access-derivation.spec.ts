import { describe, expect, it } from '@jest/globals';
import {
  ApiResource,
  ApiScope,
  Client,
  IdentityResources,
  InMemoryResourceStore,
  ResourceCatalogue,
} from '@tessera/resource-model';
import { AccessDerivation, type AccessRequest, type OpenAccess } from './access-derivation.js';

const catalogue = new ResourceCatalogue(
  [IdentityResources.openId()],
  [new ApiScope('read'), new ApiScope('lonely')],
  [
    new ApiResource('orders', 'Orders', { scopes: ['orders', 'read'] }),
    new ApiResource('payments', 'Payments', { scopes: ['payments', 'read'] }),
    new ApiResource('vault', 'Vault', { scopes: ['vault', 'read'], requireResourceIndicator: true }),
    new ApiResource('off', 'Off', { scopes: ['off'], enabled: false }),
  ],
);
const access = new AccessDerivation(new InMemoryResourceStore(catalogue));
const client = new Client({
  clientId: 'client',
  allowedGrantTypes: ['any'],
  allowedScopes: ['orders', 'read', 'payments', 'vault', 'lonely', 'off', 'openid'],
  allowOfflineAccess: true,
});

const derive = async (open: OpenAccess, request: Partial<AccessRequest> = {}) =>
  access.derive(client, open, { resources: [], ...request }).catch(({ code }: { code: string }) => code);

describe('What comes of a token or an assertion', () => {
  it('is for the APIs of its scopes, without those that insist on being named', async () => {
    expect(await derive({ scopes: ['orders', 'read'] })).toEqual({
      scopes: ['orders', 'read'],
      resources: ['orders', 'payments'],
    });
  });

  it('is for an API that insists on being named where the request names it', async () => {
    expect(await derive({ scopes: ['read'] }, { resources: ['vault'] })).toEqual({
      scopes: ['read'],
      resources: ['vault'],
    });
  });

  it('is for the APIs that are open alone, and has no scope that belongs to others', async () => {
    const open = { scopes: ['orders', 'payments', 'read'], audiences: ['payments'] };
    expect(await derive(open)).toEqual({ scopes: ['payments', 'read'], resources: ['payments'] });
    expect(await derive(open, { resources: ['orders'] })).toBe('invalid_target');
  });

  it('has no scope that the client is not allowed, and none that is not about an API', async () => {
    const open = { scopes: ['orders', 'openid', 'offline_access', 'unknown', 'off', 'lonely'] };
    expect(await derive(open)).toEqual({ scopes: ['orders'], resources: ['orders'] });
    for (const scope of ['openid', 'offline_access', 'unknown', 'off', 'orders openid', 'payments']) {
      expect([scope, await derive(open, { scope })]).toEqual([scope, 'invalid_scope']);
    }
  });

  it('has no scope of an API that the client is not allowed, however open it is (RFC 8693 §2.1, RFC 7523 §2.1)', async () => {
    const narrow = new Client({ ...client, allowedScopes: ['orders'] });
    const open = { scopes: ['orders', 'payments'] };
    const request = { resources: [] };
    expect(await access.derive(narrow, open, request)).toEqual({ scopes: ['orders'], resources: ['orders'] });
    for (const wider of [{ scope: 'payments' }, { scope: 'orders payments' }]) {
      await expect(access.derive(narrow, open, { ...request, ...wider })).rejects.toThrow("Scope 'payments'");
    }
  });

  it('is nothing where nothing is open', async () => {
    expect(await derive({ scopes: ['openid'] })).toBe('invalid_scope');
    expect(await derive({ scopes: ['orders'], audiences: ['payments'] })).toBe('invalid_target');
    expect(await derive({ scopes: ['lonely'] })).toBe('invalid_target');
    expect(await derive({ scopes: ['orders'] }, { resources: ['orders', 'payments'] })).toBe('invalid_target');
  });

  it('names each API once', async () => {
    const named = { resources: ['payments', 'orders', 'payments'] };
    expect(await derive({ scopes: ['read'] }, named)).toEqual({ scopes: ['read'], resources: ['orders', 'payments'] });
  });
});
