import { describe, expect, it } from '@jest/globals';
import {
  ApiResource,
  ApiScope,
  type AuthorizationDetail,
  AuthorizationDetailType,
  Client,
  type ClientInit,
  IdentityResources,
  InMemoryResourceStore,
  ResourceCatalogue,
} from '@tessera/resource-model';
import { DetailRules } from './detail-rules.js';
import { RequestedDetails } from './requested-details.js';
import { RequestedScopes } from './requested-scopes.js';

const catalogue = new ResourceCatalogue(
  [IdentityResources.openId()],
  [new ApiScope('read'), new ApiScope('gone', 'Gone', { enabled: false })],
  [new ApiResource('a', 'A', { scopes: ['a', 'read'] }), new ApiResource('b', 'B')],
  [
    new AuthorizationDetailType({ type: 'payment', schema: {}, resource: 'b' }),
    new AuthorizationDetailType({ type: 'free', schema: {} }),
    new AuthorizationDetailType({ type: 'other', schema: {} }),
    new AuthorizationDetailType({ type: 'off', schema: {}, enabled: false }),
  ],
);
/** A detail whose `wrong` is true is no good, and one lies within another that is `all`. */
class PlainRules extends DetailRules {
  faultOf = (_type: AuthorizationDetailType, { wrong }: AuthorizationDetail) =>
    wrong === true ? 'is wrong' : undefined;
  isWithin = (_type: AuthorizationDetailType, asked: AuthorizationDetail, { all, id }: AuthorizationDetail) =>
    all === true || asked.id === id;
}

const scopes = new RequestedScopes(new InMemoryResourceStore(catalogue), new RequestedDetails(new PlainRules()));
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

describe('Authorization details', () => {
  const rich = client({ authorizationDetailsTypes: ['payment', 'free', 'off'] });
  const json = (...details: unknown[]) => JSON.stringify(details);
  const refused = refusal('invalid_authorization_details');

  it('stand alone: no scope is added to them (RFC 9396 §3)', async () => {
    const asked = { authorizationDetails: json({ type: 'payment', id: 1 }) };
    const granted = { scopes: [], details: [{ type: 'payment', id: 1 }] };
    expect(await scopes.forClient(rich, asked)).toEqual(granted);
    expect(await scopes.forPerson(rich, asked)).toEqual(granted);
  });

  it('stand beside scopes', async () => {
    const asked = { scope: 'a', authorizationDetails: json({ type: 'free' }) };
    expect(await scopes.forPerson(rich, asked)).toEqual({ scopes: ['a'], details: [{ type: 'free' }] });
  });

  it('that are empty count as absent', async () => {
    expect(await scopes.forClient(rich, { authorizationDetails: '[]' })).toEqual({ scopes: ['a', 'b', 'read'] });
  });

  it('open the resource of their type to be named (RFC 8707 §2), and no other', async () => {
    const authorizationDetails = json({ type: 'payment' });
    const named = await scopes.forClient(rich, { authorizationDetails, resource: ['b'] });
    expect(named.resources).toEqual(['b']);
    await expect(scopes.forClient(rich, { authorizationDetails, resource: ['a'] })).rejects.toEqual(
      refusal('invalid_target'),
    );
  });

  it.each([
    ['of an unknown type', json({ type: 'unknown' })],
    ['of a type that is disabled', json({ type: 'off' })],
    ['of a type that the client does not list', json({ type: 'other' })],
    ['of a type that only objects have', json({ type: 'constructor' })],
    ['that their rules refuse', json({ type: 'free', wrong: true })],
    ['without a type', json({ id: 1 })],
    ['whose type is no text', json({ type: ['free'] })],
    ['that are no objects', '["free"]'],
    ['that are no array', '{"type":"free"}'],
    ['that are null', 'null'],
    ['that are no JSON', '[{"type":"free"'],
    ['with a prototype', '[{"type":"free","__proto__":{"wrong":false}}]'],
    ['with a prototype deep inside', '[{"type":"free","a":[{"constructor":1}]}]'],
    ['with a dot in a name, so that one member could pass for a member of another', json({ type: 'free', 'a.b': 1 })],
    ['with such a name deep inside', json({ type: 'free', a: [{ 'b.c': 1 }] })],
    ['with a text that nobody reads to its end', json({ type: 'free', a: 'x'.repeat(1001) })],
    ['that are nested too deep', `[{"type":"free","a":${'['.repeat(8)}${']'.repeat(8)}}]`],
    ['that are far too deep', `[{"type":"free","a":${'['.repeat(8000)}${']'.repeat(8000)}}]`],
    ['that are more than anybody reads', json(...Array.from({ length: 21 }, () => ({ type: 'free' })))],
  ])('%s are refused (RFC 9396 §5)', async (_what, authorizationDetails) => {
    await expect(scopes.forClient(rich, { scope: 'a', authorizationDetails })).rejects.toEqual(refused);
    await expect(scopes.forPerson(rich, { scope: 'a', authorizationDetails })).rejects.toEqual(refused);
  });

  it('may be as deep as is allowed', async () => {
    const authorizationDetails = `[{"type":"free","a":${'['.repeat(7)}${']'.repeat(7)}}]`;
    expect((await scopes.forClient(rich, { authorizationDetails })).details).toHaveLength(1);
  });

  describe('asked for again (RFC 9396 §6)', () => {
    const granted = {
      scopes: ['a'],
      details: [
        { type: 'payment', id: 1 },
        { type: 'free', all: true },
      ],
    };
    const again = (authorizationDetails?: string, asking = rich) =>
      scopes.again(asking, granted, { authorizationDetails });

    it('are those that were granted', async () => {
      expect(await again()).toEqual(granted);
    });

    it('may be fewer, or lie within one that was granted', async () => {
      const { details } = await again(json({ type: 'free', id: 7 }));
      expect(details).toEqual([{ type: 'free', id: 7 }]);
    });

    it('may not be more, nor of another type than was granted', async () => {
      await expect(again(json({ type: 'payment', id: 2 }))).rejects.toEqual(refused);
      const one = { scopes: ['a'], details: [{ type: 'free', all: true }] };
      const asked = { authorizationDetails: json({ type: 'payment' }) };
      await expect(scopes.again(rich, one, asked)).rejects.toEqual(refused);
      await expect(scopes.again(rich, { scopes: ['a'] }, asked)).rejects.toEqual(refused);
    });

    it('are gone where the client may no longer have them', async () => {
      expect(await again(undefined, client({ authorizationDetailsTypes: ['free'] }))).toEqual({
        scopes: ['a'],
        details: [{ type: 'free', all: true }],
      });
      expect(await again(undefined, client())).toEqual({ scopes: ['a'] });
    });
  });
});
