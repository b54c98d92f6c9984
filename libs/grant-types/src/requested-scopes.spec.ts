import { describe, expect, it } from '@jest/globals';
import {
  ApiResource,
  ApiScope,
  Client,
  type ClientInit,
  IdentityResources,
  InMemoryResourceStore,
  ResourceCatalogue,
} from '@tessera/resource-model';
import { RequestedScopes } from './requested-scopes.js';

const catalogue = new ResourceCatalogue(
  [IdentityResources.openId()],
  [new ApiScope('read'), new ApiScope('gone', 'Gone', { enabled: false })],
  [new ApiResource('a', 'A', { scopes: ['a', 'read'] }), new ApiResource('b', 'B')],
);
const scopes = new RequestedScopes(new InMemoryResourceStore(catalogue));
const client = (more: Partial<ClientInit> = {}) =>
  new Client({ clientId: 'c', allowedGrantTypes: ['x'], allowedScopes: ['a', 'b', 'read', 'gone', 'openid'], ...more });
const refusal = (code: string) => expect.objectContaining({ code });

describe('A client that acts for itself', () => {
  it('gets what it asks for, each scope once, in its order', async () => {
    expect(await scopes.forClient(client(), { scope: ' b  a b ' })).toEqual({ scopes: ['b', 'a'] });
  });

  it('asking for nothing gets every API scope that it is allowed and that is enabled', async () => {
    expect(await scopes.forClient(client(), {})).toEqual({ scopes: ['a', 'b', 'read'] });
    expect(await scopes.forClient(client(), { scope: '   ' })).toEqual({ scopes: ['a', 'b', 'read'] });
  });

  it.each(['openid', 'offline_access', 'gone', 'unknown', 'A', 'constructor'])('does not get %s', async (scope) => {
    const asking = client({ allowOfflineAccess: true });
    await expect(scopes.forClient(asking, { scope })).rejects.toEqual(refusal('invalid_scope'));
  });

  it('gets no scope that it does not list', async () => {
    await expect(scopes.forClient(client({ allowedScopes: ['a'] }), { scope: 'b' })).rejects.toEqual(
      refusal('invalid_scope'),
    );
  });

  it('names resources once each, in an order of their own, and only those that its scopes reach', async () => {
    expect(await scopes.forClient(client(), { resource: ['b', 'a', 'b'] })).toMatchObject({ resources: ['a', 'b'] });
    await expect(scopes.forClient(client(), { scope: 'a', resource: ['b'] })).rejects.toEqual(
      refusal('invalid_target'),
    );
  });
});

describe('A person', () => {
  it('asking for nothing gives every scope of the client, without offline_access', async () => {
    const granted = await scopes.forPerson(client({ allowOfflineAccess: true }), {});
    expect(granted.scopes).toEqual(['a', 'b', 'read', 'openid']);
  });

  it('gives offline_access where it is asked for and allowed', async () => {
    const request = { scope: 'openid offline_access' };
    expect((await scopes.forPerson(client({ allowOfflineAccess: true }), request)).scopes).toEqual([
      'openid',
      'offline_access',
    ]);
    await expect(scopes.forPerson(client(), request)).rejects.toEqual(refusal('invalid_scope'));
  });
});

describe('A refresh', () => {
  const granted = { scopes: ['a', 'b', 'openid'], resources: ['a', 'b'] };

  it('repeats what was granted, as far as it is still allowed', async () => {
    expect(await scopes.again(client(), granted, {})).toEqual(granted);
    expect(await scopes.again(client({ allowedScopes: ['a'] }), granted, {})).toEqual({
      scopes: ['a'],
      resources: ['a'],
    });
  });

  it('narrows scopes and resources, and widens neither (RFC 6749 §6, RFC 8707 §2.2)', async () => {
    expect(await scopes.again(client(), granted, { scope: 'b' })).toEqual({ scopes: ['b'], resources: ['b'] });
    expect(await scopes.again(client(), granted, { resource: ['a'] })).toMatchObject({ resources: ['a'] });
    await expect(scopes.again(client(), granted, { scope: 'read' })).rejects.toEqual(refusal('invalid_scope'));
    const onlyA = { ...granted, resources: ['a'] };
    await expect(scopes.again(client(), onlyA, { resource: ['b'] })).rejects.toEqual(refusal('invalid_target'));
  });

  it('is refused when nothing is left', async () => {
    await expect(scopes.again(client({ allowedScopes: [] }), granted, {})).rejects.toEqual(refusal('invalid_scope'));
  });
});
