import { GuardSettings } from '../options/guard-settings.js';
import type { TrustedIssuerOptions } from '../options/jwt-guard.options.js';
import { judge } from '../token/verification.spec.fixture.js';
import { auth0, cognito, entraId, entraIdTenants, google, keycloak, okta } from './index.js';
import { presetVerifier, resolverVerifier, sign } from './preset-trial.spec.fixture.js';

const tenant = '11111111-2222-3333-4444-555555555555';
const apiId = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';

const outcome = async (preset: TrustedIssuerOptions, claims: Record<string, unknown>, typ?: string): Promise<string> =>
  judge(presetVerifier(preset), await sign(claims, typ));

it('presets are options that the guard starts with', () => {
  const presets = [
    keycloak({ url: 'https://id.example.com', realm: 'shop', audience: 'orders-api' }),
    auth0({ domain: 'shop.eu.auth0.com', audience: 'https://api.example.com' }),
    entraId({ tenantId: tenant, audience: apiId }),
    entraId({ tenantId: tenant, audience: `api://${apiId}`, version: 1 }),
    cognito({ region: 'eu-central-1', userPoolId: 'eu-central-1_aBcDeFgHi', clientIds: ['web'] }),
    google({ audience: 'https://api.example.com', serviceAccounts: ['caller@shop.iam.gserviceaccount.com'] }),
    okta({ domain: 'shop.okta.com', audience: 'api://default' }),
  ];
  expect(new GuardSettings({ issuers: presets }).issuers.map(({ issuer }) => issuer)).toEqual([
    'https://id.example.com/realms/shop',
    'https://shop.eu.auth0.com/',
    `https://login.microsoftonline.com/${tenant}/v2.0`,
    `https://sts.windows.net/${tenant}/`,
    'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_aBcDeFgHi',
    'https://accounts.google.com',
    'https://shop.okta.com/oauth2/default',
  ]);
});

it('what tells the access tokens of a preset apart holds beside claims that the application requires, in whatever way they are put together', async () => {
  const audience = 'https://api.example.com';
  const preset = google({ audience, serviceAccounts: ['caller@shop.iam.gserviceaccount.com'] });
  const token = {
    iss: preset.issuer,
    aud: audience,
    sub: '1',
    email: 'stranger@evil.iam.gserviceaccount.com',
    email_verified: true,
  };
  const spread = { ...preset, requiredClaims: { email_verified: true } } as const;
  expect(await outcome(spread, token)).toBe('claim_invalid');
  expect(await outcome(spread, { ...token, email: 'caller@shop.iam.gserviceaccount.com' })).toBe('accepted');
  const listed = new GuardSettings({ requiredClaims: { mfa: true }, issuers: [spread] }).issuers[0]!;
  expect(listed.requiredClaims.map(([name]) => name)).toEqual(['mfa', 'email_verified', 'sub']);
});

describe('A token of Keycloak', () => {
  const preset = { url: 'https://id.example.com/', realm: 'shop', audience: 'orders-api' };
  const token = {
    jti: 'onrtac:ef3c1f6e',
    iss: 'https://id.example.com/realms/shop',
    aud: ['orders-api', 'account'],
    sub: '36fa0f91-f94d-4a0c-afed-6b7d952e47da',
    typ: 'Bearer',
    azp: 'shop-web',
    sid: '2a88c258-f73a-4103-b862-e1fbd8f4e04e',
    acr: '1',
    'allowed-origins': ['https://shop.example.com'],
    realm_access: { roles: ['offline_access', 'buyer'] },
    resource_access: { 'orders-api': { roles: ['clerk'] }, account: { roles: ['view-profile'] } },
    scope: 'orders email profile',
    email_verified: true,
    preferred_username: 'alice',
  };

  it('is accepted, with its client and the roles of the realm', async () => {
    expect(await presetVerifier(keycloak(preset)).verify(await sign(token))).toMatchObject({
      clientId: 'shop-web',
      roles: ['offline_access', 'buyer'],
      scopes: ['orders', 'email', 'profile'],
    });
  });

  it('gives the roles of one client alone where these are asked for, and with those of the realm where both are', async () => {
    const rolesBy = async (more: object): Promise<readonly string[]> =>
      (await presetVerifier(keycloak({ ...preset, ...more })).verify(await sign(token))).roles;
    expect(await rolesBy({ clientRoles: 'orders-api' })).toEqual(['clerk']);
    expect(await rolesBy({ clientRoles: 'orders-api', realmRoles: true })).toEqual([
      'offline_access',
      'buyer',
      'clerk',
    ]);
    expect(await rolesBy({ clientRoles: 'another' })).toEqual([]);
  });

  it('may say at+jwt in its header, and DPoP where it is bound', async () => {
    expect(await outcome(keycloak(preset), token, 'at+jwt')).toBe('accepted');
    const bound = await sign({ ...token, typ: 'DPoP', cnf: { jkt: 'a'.repeat(43) } });
    expect(await presetVerifier(keycloak(preset)).verifyBeforeProof(bound)).toMatchObject({ clientId: 'shop-web' });
  });

  it('is refused where it is an id_token, a logout token, or for another audience', async () => {
    const idToken = { ...token, typ: 'ID', aud: 'orders-api' };
    expect(await outcome(keycloak(preset), idToken)).toBe('claim_invalid');
    expect(await outcome(keycloak(preset), { ...idToken, at_hash: 'a' })).toBe('token_type_mismatch');
    expect(await outcome(keycloak(preset), { ...idToken, typ: 'Logout', events: {} }, 'logout+jwt')).toBe(
      'token_type_mismatch',
    );
    expect(await outcome(keycloak(preset), { ...token, aud: 'account' })).toBe('audience_mismatch');
  });
});

describe('A token of Auth0', () => {
  const preset = { domain: 'shop.eu.auth0.com', audience: 'https://api.example.com/orders' };
  const token = {
    iss: 'https://shop.eu.auth0.com/',
    sub: 'auth0|123456',
    aud: ['https://api.example.com/orders', 'https://shop.eu.auth0.com/userinfo'],
    scope: 'openid profile read:orders',
    permissions: ['read:orders', 'write:orders'],
  };
  const ofItsOwn = { ...token, azp: 'web' };
  const standard = { ...token, client_id: 'web', jti: '73WakrfVbNJBaAmhQtEeDv' };
  const granted = {
    clientId: 'web',
    scopes: ['openid', 'profile', 'read:orders'],
    roles: ['read:orders', 'write:orders'],
  };

  it("is accepted by Auth0's profile and by that of RFC 9068", async () => {
    expect(await presetVerifier(auth0(preset)).verify(await sign(ofItsOwn))).toMatchObject(granted);
    const verifier = presetVerifier(auth0({ ...preset, profile: 'rfc9068' }));
    expect(await verifier.verify(await sign(standard, 'at+jwt'))).toMatchObject(granted);
    expect(await judge(verifier, await sign(standard))).toBe('token_type_mismatch');
  });

  it('gives the roles of a claim that an Action adds', async () => {
    const verifier = presetVerifier(auth0({ ...preset, rolesClaim: 'https://example.com/roles' }));
    expect(await verifier.verify(await sign({ ...ofItsOwn, 'https://example.com/roles': ['clerk'] }))).toMatchObject({
      roles: ['clerk'],
    });
  });

  it('is refused where it is an id_token, also one whose audience would fit', async () => {
    const idToken = { iss: token.iss, sub: token.sub, aud: 'web', sid: 's', nickname: 'alice' };
    for (const profile of ['auth0', 'rfc9068'] as const) {
      const options = auth0({ ...preset, profile });
      expect(await outcome(options, idToken)).not.toBe('accepted');
      expect(await outcome(options, { ...idToken, aud: preset.audience })).not.toBe('accepted');
    }
  });
});

describe('A token of Entra ID', () => {
  const token = {
    aud: apiId,
    iss: `https://login.microsoftonline.com/${tenant}/v2.0`,
    aio: 'opaque',
    azp: '99999999-8888-7777-6666-555555555555',
    azpacr: '0',
    name: 'Alice',
    oid: '12345678-1234-1234-1234-123456789012',
    preferred_username: 'alice@example.com',
    rh: 'opaque',
    roles: ['Clerk'],
    scp: 'orders.read orders.write',
    sub: 'pairwise-name',
    tid: tenant,
    uti: 'opaque',
    ver: '2.0',
  };
  const preset = { tenantId: tenant, audience: apiId };

  it('is accepted in version 2, with scp as scopes', async () => {
    expect(await presetVerifier(entraId(preset)).verify(await sign(token))).toMatchObject({
      clientId: token.azp,
      scopes: ['orders.read', 'orders.write'],
      roles: ['Clerk'],
    });
  });

  it('is accepted in version 1 where that is asked for, and then only', async () => {
    const { azp, azpacr: _, ...rest } = token;
    const old = {
      ...rest,
      aud: `api://${apiId}`,
      iss: `https://sts.windows.net/${tenant}/`,
      appid: azp,
      appidacr: '0',
      ver: '1.0',
    };
    const options = entraId({ tenantId: tenant, audience: `api://${apiId}`, version: 1 });
    expect(await presetVerifier(options).verify(await sign(old))).toMatchObject({ clientId: azp });
    expect(await outcome(entraId(preset), old)).toBe('issuer_mismatch');
    expect(await outcome(options, token)).toBe('issuer_mismatch');
  });

  it('of a client by itself has roles and no scopes', async () => {
    const { scp: _, ...application } = token;
    const access = await presetVerifier(entraId(preset)).verify(await sign({ ...application, idtyp: 'app' }));
    expect(access).toMatchObject({ scopes: [], roles: ['Clerk'] });
  });

  it('is refused where it is an id_token, also where page and API share one registration', async () => {
    const { azp: _, azpacr: __, scp: ___, ...idToken } = token;
    expect(await outcome(entraId(preset), idToken)).toBe('claim_missing');
    expect(await outcome(entraId(preset), { ...idToken, nonce: 'n' })).toBe('claim_missing');
  });

  it('is refused where issuer and tid are of two tenants', async () => {
    expect(await outcome(entraId(preset), { ...token, tid: apiId })).toBe('claim_invalid');
  });

  it('of many tenants is accepted from those that are customers', async () => {
    const asked: string[] = [];
    const isTrusted = (tenantId: string): boolean => {
      asked.push(tenantId);
      return tenantId === tenant;
    };
    const verifier = resolverVerifier(entraIdTenants({ audience: apiId, isTrusted }), apiId);
    const other = '66666666-2222-3333-4444-555555555555';
    expect(await judge(verifier, await sign(token))).toBe('accepted');
    const stranger = { ...token, tid: other, iss: `https://login.microsoftonline.com/${other}/v2.0` };
    expect(await judge(verifier, await sign(stranger))).toBe('issuer_mismatch');
    expect(asked).toEqual([tenant, other]);
  });

  it.each([
    `https://evil.example.com/${tenant}/v2.0`,
    `https://login.microsoftonline.com/${tenant}/v2.0/`,
    `https://login.microsoftonline.com.evil.example.com/${tenant}/v2.0`,
    'https://login.microsoftonline.com/common/v2.0',
    `https://sts.windows.net/${tenant}/`,
  ])('of many tenants is not looked up under the name %s', async (issuer) => {
    const isTrusted = (): boolean => {
      throw new Error('asked');
    };
    expect(await entraIdTenants({ audience: apiId, isTrusted })(issuer)).toBeUndefined();
  });
});

describe('A token of Cognito', () => {
  const preset = { region: 'us-gov-west-1', userPoolId: 'us-gov-west-1_aBcDeFgHi', clientIds: ['web', 'mobile'] };
  const token = {
    sub: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
    'cognito:groups': ['clerks'],
    iss: 'https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_aBcDeFgHi',
    version: 2,
    client_id: 'mobile',
    origin_jti: 'o',
    event_id: 'e',
    token_use: 'access',
    scope: 'openid orders/read',
    auth_time: 1_700_000_000,
    jti: 'j',
    username: 'alice',
  };

  it('is accepted without aud, by its client', async () => {
    expect(await presetVerifier(cognito(preset)).verify(await sign(token, ''))).toMatchObject({
      clientId: 'mobile',
      roles: ['clerks'],
      scopes: ['openid', 'orders/read'],
    });
    expect(await outcome(cognito(preset), { ...token, client_id: 'stranger' }, '')).toBe('audience_mismatch');
  });

  it('is refused where it is an id_token', async () => {
    const { client_id: clientId, scope: _, ...rest } = token;
    const idToken = { ...rest, aud: clientId, token_use: 'id' };
    expect(await outcome(cognito(preset), idToken, '')).toBe('claim_missing');
    expect(await outcome(cognito(preset), { ...idToken, client_id: clientId }, '')).toBe('claim_invalid');
  });
});

describe('A token of Google', () => {
  const address = 'caller@shop.iam.gserviceaccount.com';
  const audience = 'https://api.example.com';
  const token = {
    aud: audience,
    azp: '112010400000000710080',
    email: address,
    email_verified: true,
    iss: 'https://accounts.google.com',
    sub: '112010400000000710080',
  };

  it('is accepted from a service account that may call, by address or by ID', async () => {
    const byAddress = presetVerifier(google({ audience, serviceAccounts: [address] }));
    expect(await byAddress.verify(await sign(token))).toMatchObject({
      subject: token.sub,
      clientId: token.sub,
      scopes: [],
    });
    const { email: _, email_verified: __, ...nameless } = token;
    expect(await outcome(google({ audience, serviceAccounts: [token.sub] }), nameless)).toBe('accepted');
  });

  it('is refused from everybody else: any account can get a token for any audience', async () => {
    const options = google({ audience, serviceAccounts: [address] });
    expect(await outcome(options, { ...token, email: 'other@evil.iam.gserviceaccount.com' })).toBe('claim_invalid');
    expect(await outcome(options, { ...token, email_verified: false })).toBe('claim_invalid');
    expect(await outcome(options, { ...token, aud: 'https://other.example.com' })).toBe('audience_mismatch');
  });

  it('is refused where it is the id_token of a person who signed in', async () => {
    const options = google({ audience, serviceAccounts: ['alice@example.com'] });
    const signIn = { ...token, email: 'alice@example.com' };
    expect(await outcome(options, { ...signIn, at_hash: 'a' })).toBe('token_type_mismatch');
    expect(await outcome(options, { ...signIn, nonce: 'n' })).toBe('token_type_mismatch');
  });
});

describe('A token of Okta', () => {
  const preset = { domain: 'shop.okta.com', audience: 'api://default' };
  const token = {
    ver: 1,
    jti: 'AT.MNAoEQ',
    iss: 'https://shop.okta.com/oauth2/default',
    aud: 'api://default',
    cid: '0oa1',
    uid: '00u1',
    scp: ['openid', 'orders.read'],
    auth_time: 1_700_000_000,
    sub: 'alice@example.com',
    groups: ['clerks'],
  };

  it('is accepted, with its list of scopes', async () => {
    expect(await presetVerifier(okta(preset)).verify(await sign(token, ''))).toMatchObject({
      clientId: '0oa1',
      scopes: ['openid', 'orders.read'],
      roles: ['clerks'],
    });
  });

  it('is refused where it is an id_token, or one of the org for Okta itself', async () => {
    const { cid, scp: _, ...rest } = token;
    const idToken = { ...rest, aud: cid, jti: 'ID.radCQ', amr: ['pwd'], idp: '00o1' };
    expect(await outcome(okta(preset), idToken, '')).toBe('audience_mismatch');
    expect(await outcome(okta(preset), { ...idToken, aud: preset.audience }, '')).toBe('claim_missing');
    const ofOrg = { ...token, iss: 'https://shop.okta.com', aud: 'https://shop.okta.com' };
    expect(await outcome(okta(preset), ofOrg, 'application/okta-internal-at+jwt')).toBe('issuer_mismatch');
  });
});

describe('Presets refuse what would fit no token', () => {
  it.each([
    () => keycloak({ url: 'id.example.com', realm: 'shop', audience: 'a' }),
    () => keycloak({ url: 'https://id.example.com', realm: 'realms/shop', audience: 'a' }),
    () => auth0({ domain: 'https://shop.eu.auth0.com', audience: 'a' }),
    () => auth0({ domain: 'shop.eu.auth0.com/', audience: 'a' }),
    () => auth0({ domain: 'shop.eu.auth0.com', audience: 'a', profile: 'RFC9068' as 'rfc9068' }),
    () => entraId({ tenantId: 'common', audience: 'a' }),
    () => entraId({ tenantId: 'shop.onmicrosoft.com', audience: 'a' }),
    () => entraId({ tenantId: tenant, audience: 'a', version: '2' as unknown as 2 }),
    () => cognito({ region: 'eu-west-1', userPoolId: 'eu-central-1_aBcDeFgHi', clientIds: 'a' }),
    () => google({ audience: 'a', serviceAccounts: [] as unknown as [string] }),
    () => google({ audience: 'a', serviceAccounts: ['gserviceaccount.com'] }),
    () => okta({ domain: 'shop.okta.com', authorizationServerId: 'oauth2/default', audience: 'a' }),
  ])('%s', (preset) => expect(preset).toThrow(/was given; give/));
});
