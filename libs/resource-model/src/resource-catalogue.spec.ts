import { describe, expect, it } from '@jest/globals';
import { ApiResource } from './api-resource.js';
import { ApiScope } from './api-scope.js';
import { AuthorizationDetailType } from './authorization-detail-type.js';
import { IdentityResource, IdentityResources } from './identity-resource.js';
import { ResourceCatalogue } from './resource-catalogue.js';

describe('An ApiResource', () => {
  it('declared without scopes brings a scope of its own name', () => {
    const catalogue = new ResourceCatalogue([], [], [new ApiResource('api1', 'My API')]);
    expect(catalogue.apiScopes.get('api1')).toMatchObject({ name: 'api1', displayName: 'My API' });
    expect(catalogue.meaningOf(['api1']).audiences).toEqual(['api1']);
  });

  it('leaves a scope of its name alone that is declared for itself', () => {
    const catalogue = new ResourceCatalogue([], [new ApiScope('api1', 'Mine')], [new ApiResource('api1', 'My API')]);
    expect(catalogue.apiScopes.get('api1')!.displayName).toBe('Mine');
  });

  it('is no audience and has no scope while it is disabled', () => {
    const catalogue = new ResourceCatalogue([], [], [new ApiResource('api1', 'My API', { enabled: false })]);
    expect(catalogue.isApiScope('api1')).toBe(false);
    expect(catalogue.meaningOf(['api1']).audiences).toEqual([]);
  });
});

describe('A set of scopes', () => {
  const catalogue = new ResourceCatalogue(
    [IdentityResources.openId(), IdentityResources.email(), new IdentityResource('off', ['x'], { enabled: false })],
    [new ApiScope('read', 'Read', { userClaims: ['role'] }), new ApiScope('gone', 'Gone', { enabled: false })],
    [
      new ApiResource('a', 'A', { scopes: ['read', 'a'], userClaims: ['tenant'] }),
      new ApiResource('b', 'B', { scopes: ['read'], allowedAccessTokenSigningAlgorithms: ['ES256', 'RS256'] }),
      new ApiResource('c', 'C', {
        scopes: ['read'],
        allowedAccessTokenSigningAlgorithms: ['RS256'],
        requireResourceIndicator: true,
      }),
    ],
  );

  it('means the audiences and claims of all resources and scopes it touches', () => {
    const meaning = catalogue.meaningOf(['openid', 'email', 'read']);
    expect(meaning.audiences).toEqual(['a', 'b']);
    expect([...meaning.accessTokenClaims].sort()).toEqual(['role', 'tenant']);
    expect([...meaning.identityClaims].sort()).toEqual(['email', 'email_verified', 'sub']);
    expect(meaning.accessTokenAlgorithms).toEqual(['ES256', 'RS256']);
  });

  it('is narrowed to the resources that are named, those that insist on it included (RFC 8707)', () => {
    expect(catalogue.meaningOf(['read'], ['c']).audiences).toEqual(['c']);
    expect(catalogue.meaningOf(['read'], ['b', 'c']).accessTokenAlgorithms).toEqual(['RS256']);
    expect(catalogue.meaningOf(['a'], ['b']).audiences).toEqual([]);
  });

  it('knows disabled and unknown names as nothing', () => {
    expect(catalogue.isApiScope('gone') || catalogue.isIdentityScope('off')).toBe(false);
    expect(catalogue.meaningOf(['gone', 'off', '__proto__']).audiences).toEqual([]);
  });

  it('is worked out once', () => {
    expect(catalogue.meaningOf(['read'])).toBe(catalogue.meaningOf(['read']));
  });
});

describe('The ready-made identity resources', () => {
  it('have the claims of OpenID Connect Core §5.4', () => {
    expect(IdentityResources.openId()).toMatchObject({ name: 'openid', userClaims: ['sub'], required: true });
    expect(IdentityResources.profile().userClaims).toHaveLength(14);
    expect(IdentityResources.phone().userClaims).toEqual(['phone_number', 'phone_number_verified']);
    expect(IdentityResources.address().userClaims).toEqual(['address']);
  });
});

describe('Authorization details in a catalogue', () => {
  const type = (name: string, more: Partial<AuthorizationDetailType> = {}) =>
    new AuthorizationDetailType({ type: name, schema: {}, ...more });
  const catalogue = new ResourceCatalogue(
    [],
    [new ApiScope('read')],
    [new ApiResource('a', 'A', { scopes: ['read'] }), new ApiResource('b', 'B', { requireResourceIndicator: true })],
    [type('of a', { resource: 'a' }), type('of b', { resource: 'b' }), type('free'), type('off', { enabled: false })],
  );
  const all = ['of a', 'of b', 'free', 'off', 'unknown'];
  const meaning = (types: string[], resources?: string[], scopes: string[] = []) => {
    const { audiences, detailTypes } = catalogue.meaningOf(scopes, resources, types);
    return [audiences, [...detailTypes]];
  };

  it('make the resource of their type the audience', () => {
    expect(meaning(['of a'])).toEqual([['a'], ['of a']]);
    expect(meaning([], undefined, ['read'])).toEqual([['a'], []]);
  });

  it('are left out where the token is not for their resource (RFC 9396 §9.1)', () => {
    expect(meaning(all, ['b'])).toEqual([['b'], ['of b', 'free']]);
    expect(meaning(all, ['a', 'b'])).toEqual([
      ['a', 'b'],
      ['of a', 'of b', 'free'],
    ]);
  });

  it('of a resource that insists on being named are left out of a token that does not name it (RFC 8707 §2)', () => {
    expect(meaning(all)).toEqual([['a'], ['of a', 'free']]);
  });

  it('concern the resource of their type, or any where it has none; unknown ones concern nobody', () => {
    expect(all.filter((name) => catalogue.isDetailFor(name, 'b'))).toEqual(['of b', 'free']);
  });
});
