import { beforeAll, describe, expect, it } from '@jest/globals';
import { Client, RegisteredClientStore, Secret, sha256 } from '@tessera/resource-model';
import { InteractionPages } from '../../interaction/interaction-pages.js';
import { adapters, type Answer, type Json, run, type RunningServer, seed } from '../../running-server.spec.fixture.js';

const register = 'connect/register';
const redirect_uris = ['https://app.example.com/callback'];

const send = (server: RunningServer, path: string, method: string, body?: unknown, token?: string): Promise<Answer> =>
  server.send(path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
  });
const post = (server: RunningServer, body: unknown, token?: string) => send(server, register, 'POST', body, token);
/** The way to a registration, on this server. */
const pathOf = ({ registration_client_uri: uri }: Json) => new URL(uri as string).pathname.slice(1);

describe.each(adapters)('Registration on %s', (adapter) => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await run(
      {
        registration: {
          mode: 'initial-access-token',
          registrationsPerHour: 1000,
          initialAccessTokens: [
            { name: 'plain', secret: new Secret(sha256('plain-token')) },
            {
              name: 'partner',
              secret: new Secret(sha256('partner-token')),
              policy: {
                grantTypes: ['authorization_code', 'refresh_token', 'client_credentials', 'implicit'],
                scopes: ['openid', 'api1', 'api1.read'],
                applicationTypes: ['web', 'native'],
              },
            },
            { name: 'old', secret: new Secret(sha256('old-token'), { expiration: Date.UTC(2030, 0, 1) / 1000 }) },
          ],
        },
      },
      { adapter },
    );
  });
  const plain = (metadata: object) => post(server, { redirect_uris, ...metadata }, 'plain-token');
  const partner = (metadata: object) => post(server, { redirect_uris, ...metadata }, 'partner-token');

  it('answers 201 with what was registered, with defaults, and how to manage it; kept by nobody (RFC 7591 §3.2.1, RFC 7592 §3)', async () => {
    const { status, headers, body } = await plain({
      client_name: 'The App',
      software_id: 'app',
      contacts: ['a@b.example'],
    });
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      client_id: expect.stringMatching(/^dyn_[\w-]{22}$/),
      client_id_issued_at: Date.UTC(2030, 0, 1) / 1000,
      client_secret: expect.stringMatching(/^[\w-]{43}$/),
      client_secret_expires_at: 0,
      registration_access_token: expect.stringMatching(/^[\w-]{43}$/),
      registration_client_uri: `https://id.example.com/connect/register/${body.client_id}`,
      client_name: 'The App',
      software_id: 'app',
      contacts: ['a@b.example'],
      redirect_uris,
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      scope: 'openid profile email',
      subject_type: 'public',
      frontchannel_logout_session_required: true,
      backchannel_logout_session_required: true,
    });
  });

  it('passes over members that it does not know, and what is null (RFC 7591 §2, RFC 7592 §2.2)', async () => {
    const { status, body } = await plain({
      'client_name#de': 'Die App',
      flavour: ['mint'],
      client_name: null,
      logo_uri: null,
    });
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('flavour');
    expect(body).not.toHaveProperty('client_name');
  });

  it('gives a public client no secret', async () => {
    const { body } = await plain({ token_endpoint_auth_method: 'none' });
    expect(body).not.toHaveProperty('client_secret');
    expect(body).not.toHaveProperty('client_secret_expires_at');
  });

  it('lets the registered client use what it was given: the token endpoint, then its end', async () => {
    const { body } = await partner({ grant_types: ['client_credentials'], scope: 'api1', redirect_uris: [] });
    const basic = `${body.client_id}:${body.client_secret}`;
    const token = () => server.post('connect/token', { grant_type: 'client_credentials' }, { basic });
    const issued = await token();
    expect([issued.status, issued.body.scope]).toEqual([200, 'api1']);
    const introspect = () =>
      server.post('connect/introspect', { token: issued.body.access_token as string }, { basic: 'api1:api1 secret' });
    expect((await introspect()).body.active).toBe(true);
    const gone = await send(server, pathOf(body), 'DELETE', undefined, body.registration_access_token as string);
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect((await introspect()).body).toEqual({ active: false });
    expect((await token()).body.error).toBe('invalid_client');
  });

  it.each([
    ['none', undefined],
    ['a wrong one', 'guess'],
    ['an expired one', 'old-token'],
  ])('needs an initial access token where it is not open: %s is 401 (RFC 7591 §3)', async (_what, token) => {
    const { status, headers } = await post(server, { redirect_uris }, token);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer /);
  });

  it.each([
    ['redirect_uris', { redirect_uris: [] }],
    ['redirect_uris', { redirect_uris: undefined }],
    ['redirect_uris', { redirect_uris: 'https://app.example.com/callback' }],
    ['redirect_uris', { redirect_uris: ['https://app.example.com/callback#x'] }],
  ])('names %s in invalid_redirect_uri, %# (RFC 7591 §3.2.2)', async (member, metadata) => {
    const { status, body } = await plain(metadata);
    expect([status, body.error]).toEqual([400, 'invalid_redirect_uri']);
    expect(body.error_description).toContain(`${member}: `);
  });

  it.each([
    ['client_name', { client_name: 7 }],
    ['client_name', { client_name: 'x'.repeat(3000) }],
    ['client_uri', { client_uri: 'javascript:alert(1)' }],
    ['logo_uri', { logo_uri: 'data:image/png;base64,AAAA' }],
    ['contacts', { contacts: 'me' }],
    ['grant_types', { grant_types: ['password'] }],
    ['grant_types', { grant_types: ['refresh_token'] }],
    ['response_types', { response_types: ['code', 'magic'] }],
    ['response_types', { response_types: ['id_token'] }],
    ['scope', { scope: 'openid api1' }],
    ['scope', { scope: ['openid'] }],
    ['token_endpoint_auth_method', { token_endpoint_auth_method: 'tls_client_auth' }],
    ['application_type', { application_type: 'native' }],
    ['subject_type', { subject_type: 'secret' }],
    ['id_token_signed_response_alg', { id_token_signed_response_alg: 'none' }],
    ['id_token_signed_response_alg', { id_token_signed_response_alg: 'RS256' }],
    ['userinfo_signed_response_alg', { userinfo_signed_response_alg: 'RS256' }],
    ['default_max_age', { default_max_age: -1 }],
    ['initiate_login_uri', { initiate_login_uri: 'login' }],
    ['post_logout_redirect_uris', { post_logout_redirect_uris: ['http://app.example.com/bye'] }],
    ['frontchannel_logout_uri', { frontchannel_logout_uri: 'https://other.example.com/out' }],
    ['backchannel_logout_session_required', { backchannel_logout_session_required: 'yes' }],
    // This server looks at no certificates of clients.
    ['tls_client_certificate_bound_access_tokens', { tls_client_certificate_bound_access_tokens: true }],
  ])('names %s in invalid_client_metadata, %# (RFC 7591 §3.2.2)', async (member, metadata) => {
    const { status, body } = await plain(metadata);
    expect([status, body.error]).toEqual([400, 'invalid_client_metadata']);
    expect(body.error_description).toContain(`${member}: `);
  });

  it.each([[[]], ['text'], [7], [null]])('takes a JSON object and nothing else: %j', async (body) => {
    expect((await post(server, body, 'plain-token')).status).toBe(400);
  });

  it('takes JSON and nothing else: a form is 415 (RFC 7591 §3.1)', async () => {
    const headers = { authorization: 'Bearer plain-token' };
    expect((await server.post(register, { client_name: 'x' }, { headers })).status).toBe(415);
  });

  it('maps flows to grant and response types and back (RFC 7591 §2.1, OpenID Connect Registration §2)', async () => {
    const hybrid = await partner({
      grant_types: ['authorization_code', 'implicit', 'refresh_token'],
      response_types: ['code id_token'],
    });
    expect(hybrid.body).toMatchObject({
      grant_types: ['authorization_code', 'implicit', 'refresh_token'],
      response_types: ['code id_token'],
      scope: 'openid api1 api1.read offline_access',
    });
    const implicit = await partner({ grant_types: ['implicit'], response_types: ['id_token token'] });
    expect(implicit.body).toMatchObject({
      grant_types: ['implicit'],
      response_types: ['id_token', 'token', 'id_token token'],
    });
    const mixed = await partner({
      grant_types: ['authorization_code', 'implicit'],
      response_types: ['code', 'id_token'],
    });
    expect(mixed.body.error).toBe('invalid_client_metadata');
  });

  it('leaves refresh tokens out that the policy does not give, and says so in the answer (RFC 7591 §3.2.1)', async () => {
    const { status, body } = await plain({
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'openid offline_access',
    });
    expect([status, body.grant_types, body.scope]).toEqual([201, ['authorization_code'], 'openid']);
  });

  it('makes pairwise clients, each of one sector (OpenID Connect Core §8.1)', async () => {
    const { body } = await plain({ subject_type: 'pairwise' });
    expect(body.subject_type).toBe('pairwise');
    const hosts = ['https://a.example.com/', 'https://b.example.com/'];
    const several = await plain({ subject_type: 'pairwise', redirect_uris: hosts });
    expect(several.body.error_description).toContain('sector_identifier_uri: ');
  });

  describe('Management (RFC 7592)', () => {
    let client: Json;
    beforeAll(
      async () =>
        void (client = (await partner({ client_name: 'Before', tos_uri: 'https://app.example.com/tos' })).body),
    );
    const manage = (method: string, body?: unknown, token = client.registration_access_token as string) =>
      send(server, pathOf(client), method, body, token);

    it('shows the registration, without the secret, of which only a hash is kept (§2.1)', async () => {
      const { client_secret: _secret, ...shown } = client;
      const { status, body, headers } = await manage('GET');
      expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(body).toEqual(shown);
    });

    it('replaces it as a whole: what is left out is gone, the secret stays (§2.2)', async () => {
      const { client_id, client_secret } = client;
      const { status, body } = await manage('PUT', { client_id, client_secret, redirect_uris, client_name: 'After' });
      expect([status, body.client_name, body.client_id]).toEqual([200, 'After', client_id]);
      expect(body).not.toHaveProperty('tos_uri');
      expect(body).not.toHaveProperty('client_secret');
      expect((await manage('GET')).body).toEqual(body);
      const basic = `${client_id}:${client_secret}`;
      const answer = await server.post('connect/token', { grant_type: 'client_credentials' }, { basic });
      expect(answer.body.error).toBe('unauthorized_client');
    });

    it('makes a secret for a client that becomes confidential, and forgets that of one that becomes public', async () => {
      const { client_id } = client;
      const open = await manage('PUT', { client_id, redirect_uris, token_endpoint_auth_method: 'none' });
      expect(open.body).not.toHaveProperty('client_secret_expires_at');
      const { body } = await manage('PUT', { client_id, redirect_uris });
      expect(body.client_secret).toMatch(/^[\w-]{43}$/);
      expect(body.client_secret).not.toBe(client.client_secret);
    });

    it('holds the change to the policy of the token with which it was registered', async () => {
      const { client_id } = client;
      expect((await manage('PUT', { client_id, redirect_uris, scope: 'api1' })).body.scope).toBe('api1');
      expect((await manage('PUT', { client_id, redirect_uris, scope: 'api2' })).body.error).toBe(
        'invalid_client_metadata',
      );
      expect((await manage('GET')).body.scope).toBe('api1');
    });

    it.each([
      ['another client_id', { client_id: 'simple_client' }],
      ['no client_id', {}],
      ['a wrong secret', { client_secret: 'guess' }],
      ['registration_access_token', { registration_access_token: 'x' }],
      ['registration_client_uri', { registration_client_uri: 'https://evil.example.com' }],
      ['client_id_issued_at', { client_id_issued_at: 1 }],
      ['client_secret_expires_at', { client_secret_expires_at: 0 }],
    ])('refuses a change with %s (§2.2)', async (what, members) => {
      const id =
        what.includes('client_id') && !what.includes('issued') ? {} : { client_id: client.client_id as string };
      const { status, body } = await manage('PUT', { redirect_uris, ...id, ...members });
      expect([status, body.error]).toEqual([400, 'invalid_client_metadata']);
    });

    it('answers a wrong token, the token of another client and an unknown client alike: 401 (§2)', async () => {
      const { body: other } = await plain({});
      const answers = await Promise.all([
        manage('GET', undefined, 'guess'),
        manage('GET', undefined, other.registration_access_token as string),
        manage('DELETE', undefined, other.registration_access_token as string),
        manage(
          'PUT',
          { client_id: client.client_id as string, redirect_uris },
          other.registration_access_token as string,
        ),
        send(server, `${register}/dyn_unknown`, 'GET', undefined, client.registration_access_token as string),
        send(server, `${register}/simple_client`, 'GET', undefined, client.registration_access_token as string),
      ]);
      for (const { status, text, headers } of answers) {
        expect([status, text]).toEqual([401, answers[0].text]);
        expect(headers.get('www-authenticate')).toContain('error="invalid_token"');
      }
    });

    it('ends with the registration: the token is unknown from then on (§2.3)', async () => {
      const { body } = await plain({});
      const call = (method: string) =>
        send(server, pathOf(body), method, undefined, body.registration_access_token as string);
      expect((await call('DELETE')).status).toBe(204);
      expect([(await call('GET')).status, (await call('DELETE')).status]).toEqual([401, 401]);
    });

    it('knows no other methods', async () => {
      const { status, headers } = await manage('POST', {});
      expect([status, headers.get('allow')]).toEqual([405, 'GET, PUT, DELETE, HEAD, OPTIONS']);
    });
  });
});

describe('Registration', () => {
  it('is off unless it is switched on: neither the endpoint nor discovery knows it', async () => {
    const server = await run();
    expect((await post(server, { redirect_uris })).status).toBe(404);
    expect((await server.send('.well-known/openid-configuration')).body).not.toHaveProperty('registration_endpoint');
  });

  it('is announced, with what registered clients may use, where it is on (RFC 8414 §2)', async () => {
    const pages = { provide: InteractionPages, useValue: { paths: { signIn: 'signin' } } };
    const policy = { grantTypes: ['authorization_code', 'refresh_token'], tokenEndpointAuthMethods: ['none' as const] };
    const server = await run({ clients: [], registration: { mode: 'open', policy }, providers: [pages] });
    expect((await server.send('.well-known/openid-configuration')).body).toMatchObject({
      registration_endpoint: 'https://id.example.com/connect/register',
      authorization_endpoint: 'https://id.example.com/connect/authorize',
      response_types_supported: ['code'],
      token_endpoint_auth_methods_supported: ['none'],
      scopes_supported: expect.arrayContaining(['offline_access']),
    });
  });

  it('is open to everybody where it is set to, but to no token that is wrong', async () => {
    const server = await run({ registration: { mode: 'open' } });
    expect((await post(server, { redirect_uris })).status).toBe(201);
    expect((await post(server, { redirect_uris }, 'guess')).status).toBe(401);
  });

  it('ends secrets after their lifetime, says when, and makes another at the next change (RFC 7591 §3.2.1)', async () => {
    const server = await run({
      registration: {
        mode: 'open',
        clientSecretLifetime: 60,
        policy: { grantTypes: ['client_credentials'], scopes: ['api1'] },
      },
    });
    const grant_types = ['client_credentials'];
    const { body } = await post(server, { grant_types });
    const now = server.clock.now();
    expect(body.client_secret_expires_at).toBe(now + 60);
    const token = (secret: unknown) =>
      server.post(
        'connect/token',
        { grant_type: 'client_credentials' },
        { basic: `${body.client_id}:${secret as string}` },
      );
    server.clock.advance(60);
    expect((await token(body.client_secret)).status).toBe(401);
    const changed = await send(
      server,
      pathOf(body),
      'PUT',
      { client_id: body.client_id as string, grant_types },
      body.registration_access_token as string,
    );
    expect(changed.body.client_secret_expires_at).toBe(now + 120);
    expect((await token(changed.body.client_secret)).status).toBe(200);
  });

  it.each([
    ['the server', { profile: 'oauth21' as const }, {}],
    ['the policy', {}, { profile: 'oauth21' as const }],
  ])(
    'holds clients to the profile of %s, whatever the policy would let through',
    async (_what, options, difference) => {
      const policy = { grantTypes: ['authorization_code', 'implicit'], requirePkce: false, ...difference };
      const clients = seed.clients.filter(({ allowedGrantTypes }) => !allowedGrantTypes.includes('password'));
      const server = await run({ ...options, clients, registration: { mode: 'open', policy } });
      const implicit = await post(server, { redirect_uris, grant_types: ['implicit'], response_types: ['token'] });
      expect([implicit.status, implicit.body.error]).toEqual([400, 'invalid_client_metadata']);
      expect(implicit.body.error_description).toContain("breaks profile 'oauth21'");
      expect((await post(server, { redirect_uris })).status).toBe(400);
      const publicOne = { redirect_uris, token_endpoint_auth_method: 'none' };
      expect((await post(server, publicOne)).status).toBe(201);
    },
  );

  it('lets no more clients in than there may be, until one goes', async () => {
    const server = await run({ registration: { mode: 'open', maxClients: 2 } });
    const first = await post(server, { redirect_uris });
    expect((await post(server, { redirect_uris })).status).toBe(201);
    const refused = await post(server, { redirect_uris });
    expect([refused.status, refused.body.error]).toEqual([503, 'temporarily_unavailable']);
    await send(server, pathOf(first.body), 'DELETE', undefined, first.body.registration_access_token as string);
    expect((await post(server, { redirect_uris })).status).toBe(201);
  });

  it('keeps room that strangers cannot take for those who show an initial access token', async () => {
    const initialAccessTokens = [{ name: 'partner', secret: new Secret(sha256('partner-token')) }];
    const server = await run({ registration: { mode: 'open', maxClients: 10, initialAccessTokens } });
    for (let i = 0; i < 9; i++) expect((await post(server, { redirect_uris })).status).toBe(201);
    expect((await post(server, { redirect_uris })).status).toBe(503);
    expect((await post(server, { redirect_uris }, 'partner-token')).status).toBe(201);
    expect((await post(server, { redirect_uris }, 'partner-token')).status).toBe(503);
  });

  it('slows down who registers many from one network, whatever becomes of it, and says for how long', async () => {
    const server = await run({ registration: { mode: 'open', registrationsPerHour: 3 } });
    expect((await post(server, { redirect_uris })).status).toBe(201);
    expect((await post(server, {}, 'guess')).status).toBe(401);
    expect((await post(server, { redirect_uris: [] })).status).toBe(400);
    const { status, headers, body } = await post(server, { redirect_uris });
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    expect(body.error_description).toBe('Too many requests to register: wait 1 second and try again.');
    server.clock.advance(3600);
    expect((await post(server, { redirect_uris })).status).toBe(201);
  });

  it('slows down who changes a registration again and again: each change may make the server fetch something', async () => {
    const server = await run({ registration: { mode: 'open', registrationsPerHour: 3 } });
    const { body } = await post(server, { redirect_uris });
    const change = () =>
      send(
        server,
        pathOf(body),
        'PUT',
        { client_id: body.client_id, redirect_uris },
        body.registration_access_token as string,
      );
    expect([(await change()).status, (await change()).status]).toEqual([200, 200]);
    const { status, headers } = await change();
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
  });

  it('takes nobody without a software statement where one is required (RFC 7591 §2.3)', async () => {
    const [x, y] = ['f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU', 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0'];
    const issuers = [{ issuer: 'https://vendors.example.com', keys: [{ kty: 'EC', crv: 'P-256', x, y }] }];
    const server = await run({ registration: { mode: 'open', softwareStatements: { issuers, required: true } } });
    for (const software_statement of [undefined, null, '']) {
      const { status, body } = await post(server, { redirect_uris, software_statement });
      expect([status, body.error]).toEqual([400, 'invalid_software_statement']);
    }
  });

  it('lets no client back in that an operator has disabled: it can neither read nor change nor remove itself', async () => {
    const server = await run({ registration: { mode: 'open' } });
    const { body } = await post(server, { redirect_uris });
    const store = server.app.get(RegisteredClientStore);
    const registered = (await store.find(body.client_id as string))!;
    await store.replace({ ...registered, client: new Client({ ...registered.client, enabled: false }) });
    const change = { client_id: body.client_id, redirect_uris };
    for (const [method, sent] of [['GET'], ['PUT', change], ['DELETE']] as const) {
      const { status } = await send(server, pathOf(body), method, sent, body.registration_access_token as string);
      expect([method, status]).toEqual([method, 401]);
    }
    expect((await store.find(body.client_id as string))?.client.enabled).toBe(false);
  });

  it.each([
    ['a scope that there is not', { policy: { scopes: ['api9'] } }, 'registration.policy.scopes'],
    ['a resource that there is not', { policy: { resources: ['api9'] } }, 'registration.policy.resources'],
    ['offline_access as a scope', { policy: { scopes: ['offline_access'] } }, 'registration.policy.scopes'],
    ['an unknown mode', { mode: 'closed' as never }, 'registration.mode'],
    [
      'an address for a host',
      { policy: { redirectHosts: ['https://app.example.com'] } },
      'registration.policy.redirectHosts',
    ],
  ])('does not start with %s in its rules', async (_what, registration, path) => {
    await expect(run({ registration })).rejects.toThrow(path);
  });
});
