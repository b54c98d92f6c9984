import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashPassword } from '@tessera/accounts';
import {
  ApiResource,
  ApiScope,
  type ClientInit,
  GrantTypes,
  KeyRing,
  Secret,
  sha256,
  User,
} from '@tessera/token-server';
import { exportJWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { DpopHolder } from '../../libs/token-server/src/possession/dpop-holder.spec.fixture.js';
import { basic, FakeClock, type RunningServer, seed, startServer } from '../running-server.js';

// Whoever holds a token, or a client that may exchange some, tries to make more of it than it is: more scopes, other APIs, a longer life, another person's,
// another kind. And assertions that no trusted server made, or made for somebody else.

const type = (name: string) => `urn:ietf:params:oauth:token-type:${name}`;
const partner = 'https://id.partner.example';
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const evil = generateKeyPairSync('rsa', { modulusLength: 2048 });

const confidential = (clientId: string, more: Partial<ClientInit>): ClientInit => ({
  clientId,
  allowedGrantTypes: [GrantTypes.tokenExchange],
  clientSecrets: [new Secret(sha256('secret'))],
  allowedScopes: ['orders', 'orders.write', 'payments', 'secrets'],
  ...more,
});
const gateway = (name: string, from: string) =>
  confidential(name, { tokenExchange: { audiences: ['orders'], subjectTokenClients: [from] } });
const links = ['link1', 'link2', 'link3', 'link4', 'link5', 'link6'];
const clients = [
  confidential('shop', {
    allowedGrantTypes: ['password'],
    allowedScopes: ['orders', 'orders.write', 'openid', 'profile'],
    allowOfflineAccess: true,
  }),
  confidential('other_shop', { allowedGrantTypes: ['password'], allowedScopes: ['orders', 'openid'] }),
  confidential('disabled_shop', { enabled: false }),
  confidential('backend', {
    accessTokenLifetime: 86_400,
    allowOfflineAccess: true,
    tokenExchange: {
      audiences: ['orders', 'payments'],
      subjectTokenClients: ['shop', 'disabled_shop'],
      scopes: { orders: ['payments'], openid: ['orders'] },
    },
  }),
  ...links.map((name, index) => gateway(name, links[index - 1] ?? 'shop')),
  confidential('partner_app', { allowedGrantTypes: [GrantTypes.jwtBearer] }),
  confidential('stranger', { allowedGrantTypes: [GrantTypes.jwtBearer] }),
];

let server: RunningServer;
const clock = new FakeClock();

beforeAll(async () => {
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'partner', alg: 'RS256' };
  server = await startServer({
    clock,
    logger: false,
    options: {
      signingAlgorithms: ['ES256'],
      apiScopes: [new ApiScope('orders.write')],
      apiResources: [
        new ApiResource('orders', 'Orders', { scopes: ['orders', 'orders.write'] }),
        new ApiResource('payments', 'Payments'),
        new ApiResource('secrets', 'Secrets'),
      ],
      clients,
      users: [
        ...seed.users,
        new User({ subject: 'gone', username: 'gone', passwordHash: await hashPassword('gone'), enabled: false }),
      ],
      trustedIssuers: [
        { issuer: partner, jwks: { keys: [jwk] }, clients: ['partner_app'], scopes: ['orders'], sameSubjects: true },
      ],
    },
  });
});
afterAll(() => server.close());

const claimsOf = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString()) as JWTPayload;

async function signIn(scope = 'orders', clientId = 'shop') {
  const form = { grant_type: 'password', username: 'alice', password: 'alice', scope };
  return (await server.form('connect/token', form, basic(clientId))).body as Record<string, string>;
}

async function exchange(subject: string | undefined, form: Record<string, string> = {}, clientId = 'backend') {
  const subjectToken = { subject_token: subject ?? '', subject_token_type: type('access_token') };
  const request = { grant_type: GrantTypes.tokenExchange, ...subjectToken, ...form };
  const { status, body } = await server.form('connect/token', request, basic(clientId));
  return { outcome: status === 200 ? 'issued' : (body.error as string), body: body as Record<string, string> };
}

/** A token as the server itself would have issued it at some time. */
const issued = (claims: JWTPayload, typ = 'at+jwt') => {
  const now = clock.now();
  const usual = { iss: server.url, sub: '1', aud: 'orders', client_id: 'shop', scope: 'orders', auth_time: now };
  return server.app
    .get(KeyRing)
    .signer()
    .sign(typ, { ...usual, iat: now, exp: now + 600, jti: `issued ${Math.random()}`, ...claims });
};

describe('An exchange does not widen', () => {
  test.each(['orders.write', 'orders orders.write', 'secrets', 'openid', 'offline_access', 'profile', '*', 'Orders'])(
    'the scopes: %s',
    async (scope) => {
      expect((await exchange((await signIn()).access_token, { scope })).outcome).toBe('invalid_scope');
    },
  );

  test.each(['secrets', 'orders/', 'Orders', 'shop', 'https://payments.example'])('the APIs: %s', async (audience) => {
    const { access_token } = await signIn();
    for (const name of ['audience', 'resource']) {
      expect((await exchange(access_token, { [name]: audience })).outcome).toBe('invalid_target');
    }
  });

  test('the APIs by naming a good one first', async () => {
    const { access_token } = await signIn();
    const pairs: [string, string][] = [
      ['grant_type', GrantTypes.tokenExchange],
      ['subject_token', access_token!],
      ['subject_token_type', type('access_token')],
      ['audience', 'orders'],
      ['audience', 'secrets'],
    ];
    expect((await server.form('connect/token', pairs, basic('backend'))).body.error).toBe('invalid_target');
  });

  test('the life of the token, however long the client’s own tokens live', async () => {
    const { access_token } = await signIn();
    clock.advance(3000);
    const { body } = await exchange(access_token);
    expect(body.expires_in).toBe(600);
    expect(claimsOf(body.access_token!).exp).toBe(claimsOf(access_token!).exp);
    expect(body).not.toHaveProperty('refresh_token');
  });

  test('what came of an exchange before', async () => {
    const first = await exchange((await signIn('orders orders.write')).access_token, { scope: 'orders' });
    expect((await exchange(first.body.access_token, { scope: 'orders.write' })).outcome).toBe('invalid_scope');
    expect(claimsOf((await exchange(first.body.access_token)).body.access_token!).exp).toBe(
      claimsOf(first.body.access_token!).exp,
    );
  });
});

describe('A token is not exchanged', () => {
  test('by a client that was not told whose it may exchange', async () => {
    expect((await exchange((await signIn('orders', 'other_shop')).access_token)).outcome).toBe('invalid_request');
    const { access_token } = await signIn();
    expect((await exchange(access_token, {}, 'shop')).outcome).toBe('unauthorized_client');
    expect((await exchange(access_token, {}, 'link2')).outcome).toBe('invalid_request');
  });

  test('under the name of another kind', async () => {
    const { access_token, id_token, refresh_token } = await signIn('openid orders offline_access');
    const kinds: [string | undefined, string][] = [
      [id_token, 'access_token'],
      [id_token, 'jwt'],
      [access_token, 'id_token'],
      [access_token, 'jwt'],
      [access_token, 'saml2'],
      [refresh_token, 'refresh_token'],
      [refresh_token, 'access_token'],
      [await issued({}, 'logout+jwt'), 'access_token'],
      [await issued({}, 'logout+jwt'), 'id_token'],
    ];
    for (const [token, kind] of kinds) {
      const { outcome } = await exchange(token, { subject_token_type: type(kind) });
      expect([kind, outcome]).toEqual([kind, 'invalid_request']);
    }
  });

  test('when it was revoked', async () => {
    const { access_token, refresh_token } = await signIn('orders offline_access');
    const { body } = await exchange(access_token);
    expect((await exchange(body.access_token)).outcome).toBe('issued');
    await server.form('connect/revocation', { token: refresh_token! }, basic('shop'));
    expect((await exchange(access_token)).outcome).toBe('invalid_request');
    // What came of it went with it.
    expect((await exchange(body.access_token)).outcome).toBe('invalid_request');
    const single = (await signIn()).access_token!;
    await server.form('connect/revocation', { token: single }, basic('shop'));
    expect((await exchange(single)).outcome).toBe('invalid_request');
  });

  test('when it has expired', async () => {
    const { access_token } = await signIn();
    clock.advance(3600);
    expect((await exchange(access_token)).outcome).toBe('invalid_request');
  });

  test('for a person or a client that is out', async () => {
    expect((await exchange(await issued({}))).outcome).toBe('issued');
    for (const out of [{ sub: 'gone' }, { sub: 'nobody' }, { client_id: 'disabled_shop' }, { client_id: 'nobody' }]) {
      expect([out, (await exchange(await issued(out))).outcome]).toEqual([out, 'invalid_request']);
    }
  });

  test('that says who somebody is, when that person or the client is out', async () => {
    const trade = async (claims: JWTPayload) => {
      const token = await issued({ aud: 'shop', client_id: undefined, scope: undefined, ...claims }, 'JWT');
      return (await exchange(token, { subject_token_type: type('id_token') })).outcome;
    };
    expect(await trade({})).toBe('issued');
    for (const out of [{ aud: 'disabled_shop' }, { aud: 'nobody' }, { sub: 'gone' }, { sub: 'nobody' }]) {
      expect([out, await trade(out)]).toEqual([out, 'invalid_request']);
    }
  });

  test('with a signature that is not the server’s', async () => {
    const [header, payload, signature] = (await signIn()).access_token!.split('.');
    const wider = Buffer.from(JSON.stringify({ ...claimsOf(`.${payload}`), scope: 'secrets' })).toString('base64url');
    for (const token of [`${header}.${wider}.${signature}`, `${header}.${payload}.`, `${header}.${payload}`]) {
      expect((await exchange(token)).outcome).toBe('invalid_request');
    }
  });

  test('bound to a key, by whom does not prove to hold it', async () => {
    for (const cnf of [{ jkt: 'a key' }, { 'x5t#S256': 'a certificate' }, { jkt: 'a key', 'x5t#S256': 'both' }]) {
      expect((await exchange(await issued({ cnf }))).outcome).toBe('invalid_request');
    }
  });

  test('bound to two keys, by whom proves to hold one of them', async () => {
    const holder = new DpopHolder(() => clock.now());
    const prove = async (cnf: JWTPayload) => {
      const subject = { subject_token: await issued({ cnf }), subject_token_type: type('access_token') };
      const dpop = holder.proof('POST', `${server.url}/connect/token`);
      const form = { grant_type: GrantTypes.tokenExchange, ...subject };
      return (await server.form('connect/token', form, { ...basic('backend'), dpop })).body.error ?? 'issued';
    };
    expect(await prove({ jkt: holder.thumbprint })).toBe('issued');
    expect(await prove({ jkt: holder.thumbprint, 'x5t#S256': 'a certificate' })).toBe('invalid_request');
  });

  test('by more than five, one for another', async () => {
    let { access_token: token } = await signIn();
    const outcomes: string[] = [];
    for (const link of links) {
      const { outcome, body } = await exchange(token, {}, link);
      outcomes.push(outcome);
      token = body.access_token ?? token;
    }
    expect(outcomes).toEqual([...Array<string>(5).fill('issued'), 'invalid_request']);
  });

  test('by an actor whom it does not name', async () => {
    const token = await issued({ may_act: { sub: 'link1' } });
    expect((await exchange(token)).outcome).toBe('invalid_request');
    expect((await exchange(token, {}, 'link1')).outcome).toBe('issued');
  });
});

describe('An assertion', () => {
  const claims = (): JWTPayload => {
    const now = clock.now();
    return { iss: partner, sub: '1', aud: server.url, iat: now, exp: now + 60, jti: `${Math.random()}` };
  };
  const signed = (changed: JWTPayload = {}, header: object = {}, key: KeyObject | Uint8Array = keys.privateKey) =>
    new SignJWT({ ...claims(), ...changed }).setProtectedHeader({ alg: 'RS256', kid: 'partner', ...header }).sign(key);

  async function present(assertion: string, clientId = 'partner_app'): Promise<string> {
    const form = { grant_type: GrantTypes.jwtBearer, assertion };
    const { status, body } = await server.form('connect/token', form, basic(clientId));
    return status === 200 ? 'issued' : (body.error as string);
  }

  test('counts once, of twenty requests at once', async () => {
    const assertion = await signed();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => present(assertion)));
    expect(outcomes.sort()).toEqual([...Array<string>(19).fill('invalid_grant'), 'issued']);
    expect(await present(assertion)).toBe('invalid_grant');
  });

  test('counts once, also where its signature can be written in two ways', async () => {
    const assertion = await signed();
    expect(await present(assertion)).toBe('issued');
    for (const again of [`${assertion}=`, `${assertion}.`, ` ${assertion}`]) {
      expect(await present(again)).toBe('invalid_grant');
    }
  });

  test('counts for clients that its issuer is trusted for', async () => {
    expect(await present(await signed(), 'stranger')).toBe('unauthorized_client');
  });

  test.each(['https://id.evil.example', `${partner}/`, `${partner}.evil.example`, 'https://ID.partner.example', ''])(
    'of an issuer that is not trusted is refused: %s',
    async (iss) => {
      expect(await present(await signed({ iss }))).toBe('invalid_grant');
    },
  );

  test.each([
    ['with a slash more', (url: string) => `${url}/`],
    ['another endpoint', (url: string) => `${url}/connect/userinfo`],
    ['beside another server', (url: string) => [url, 'https://other.example']],
    ['another server', () => 'https://other.example'],
  ])('that is not for this server alone is refused: %s', async (_, aud) => {
    expect(await present(await signed({ aud: aud(server.url) as string }))).toBe('invalid_grant');
  });

  test('whose algorithm is not that of the key is refused', async () => {
    const pem = Buffer.from(keys.publicKey.export({ type: 'spki', format: 'pem' }));
    const jwk = Buffer.from(JSON.stringify(await exportJWK(keys.publicKey)));
    const confused = [pem, jwk].map((secret) => signed({}, { alg: 'HS256' }, secret));
    const others = ['RS512', 'PS256'].map((alg) => signed({}, { alg }));
    for (const assertion of [...(await Promise.all([...confused, ...others])), new UnsecuredJWT(claims()).encode()]) {
      expect(await present(assertion)).toBe('invalid_grant');
    }
  });

  test('that brings its own key along is refused', async () => {
    const jwk = await exportJWK(evil.publicKey);
    for (const header of [{ jwk }, { jku: 'https://id.evil.example/keys' }, { jwk, kid: undefined }]) {
      expect(await present(await signed({}, header, evil.privateKey))).toBe('invalid_grant');
    }
  });

  test('that is a token of this server is refused', async () => {
    const { access_token, id_token } = await signIn('openid orders');
    for (const token of [access_token!, id_token!, await issued({ aud: server.url, jti: 'x' }, 'JWT')]) {
      expect(await present(token)).toBe('invalid_grant');
    }
  });

  test.each(['at+jwt', 'application/at+jwt', 'logout+jwt', 'client-authentication+jwt', 'dpop+jwt', 'secevent+jwt'])(
    'that its issuer made for something else is refused: %s',
    async (typ) => {
      expect(await present(await signed({}, { typ }))).toBe('invalid_grant');
    },
  );

  test('about somebody who is out is refused', async () => {
    for (const sub of ['gone', 'nobody', 'partner_app']) {
      expect(await present(await signed({ sub }))).toBe('invalid_grant');
    }
  });
});
