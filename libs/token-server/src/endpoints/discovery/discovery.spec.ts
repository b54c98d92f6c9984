import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Client, ClientStore, SigningKeyStore } from '@tessera/resource-model';
import { KeyRing } from '../../keys/key-ring.js';
import { InteractionPages } from '../../interaction/interaction-pages.js';
import { adapters, client, run, type RunningServer, seed } from '../../running-server.spec.fixture.js';

const configuration = '.well-known/openid-configuration';

describe.each(adapters)('Discovery on %s', (adapter) => {
  let server: RunningServer;
  beforeAll(async () => void (server = await run({ signingAlgorithms: ['RS256', 'ES256'] }, { adapter })));

  it('says what the server does, with every URL built from the issuer (OpenID Connect Discovery §3, RFC 8414 §2)', async () => {
    const { status, body } = await server.send(configuration, {
      headers: { host: 'evil.example.com', 'x-forwarded-host': 'evil.example.com' },
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      issuer: 'https://id.example.com',
      jwks_uri: 'https://id.example.com/.well-known/openid-configuration/jwks',
      token_endpoint: 'https://id.example.com/connect/token',
      dpop_signing_alg_values_supported: ['ES256', 'EdDSA', 'PS256'],
      userinfo_endpoint: 'https://id.example.com/connect/userinfo',
      introspection_endpoint: 'https://id.example.com/connect/introspect',
      revocation_endpoint: 'https://id.example.com/connect/revocation',
      scopes_supported: ['openid', 'profile', 'email', 'api1', 'api2', 'api1.read', 'shared', 'offline_access'],
      claims_supported: expect.arrayContaining(['sub', 'name', 'email']),
      grant_types_supported: ['client_credentials', 'password', 'refresh_token'],
      response_types_supported: [],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256', 'ES256'],
      request_uri_parameter_supported: false,
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
      introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      introspection_signing_alg_values_supported: ['RS256', 'ES256'],
      revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    });
  });

  it('says the same under the name of RFC 8414', async () => {
    const [oidc, oauth] = [
      await server.send(configuration),
      await server.send('.well-known/oauth-authorization-server'),
    ];
    expect(oauth.text).toBe(oidc.text);
  });

  it.each([configuration, `${configuration}/jwks`])(
    'of %s can be read by every web page, cached, and asked for again by ETag',
    async (path) => {
      const first = await server.send(path);
      expect(first.headers.get('access-control-allow-origin')).toBe('*');
      expect(first.headers.get('cache-control')).toMatch(/^public, max-age=\d+$/);
      expect(first.headers.get('content-type')).toMatch(/^application\/json/);
      const etag = first.headers.get('etag')!;
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const again = await server.send(path, { headers: { 'if-none-match': known } });
        expect([known, again.status, again.text, again.headers.get('etag')]).toEqual([known, 304, '', etag]);
      }
      expect((await server.send(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    },
  );

  it('answers HEAD as GET, and any other method with 405', async () => {
    expect((await server.send(configuration, { method: 'HEAD' })).status).toBe(200);
    const { status, headers } = await server.send(configuration, { method: 'POST' });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  it('announces public keys only, one for each algorithm, with kid, alg and use (RFC 7517)', async () => {
    const { body } = await server.send(`${configuration}/jwks`);
    expect(body.keys).toEqual([
      { kty: 'RSA', n: expect.any(String), e: 'AQAB', kid: expect.any(String), alg: 'RS256', use: 'sig' },
      {
        kty: 'EC',
        crv: 'P-256',
        x: expect.any(String),
        y: expect.any(String),
        kid: expect.any(String),
        alg: 'ES256',
        use: 'sig',
      },
    ]);
  });
});

describe('An endpoint that is switched off', () => {
  it.each([
    ['token', 'connect/token', 'token_endpoint'],
    ['userinfo', 'connect/userinfo', 'userinfo_endpoint'],
    ['introspection', 'connect/introspect', 'introspection_endpoint'],
    ['revocation', 'connect/revocation', 'revocation_endpoint'],
    ['jwks', `${configuration}/jwks`, 'jwks_uri'],
  ])('%s is 404 and leaves discovery', async (name, path, member) => {
    const server = await run({ endpoints: { [name]: false } });
    expect((await server.send(path, { method: 'POST' })).status).toBe(404);
    const { body } = await server.send(configuration);
    expect(body.issuer).toBe(seed.issuer);
    expect(body).not.toHaveProperty(member);
    await server.close();
  });

  it('discovery itself is 404', async () => {
    const server = await run({ endpoints: { discovery: false } });
    expect((await server.send(configuration)).status).toBe(404);
    expect((await server.send('.well-known/oauth-authorization-server')).status).toBe(404);
  });
});

/** As a store in a database: another array when a client has changed. */
class ChangingClients extends ClientStore {
  constructor(public clients: readonly Client[]) {
    super();
  }

  async find(clientId: string): Promise<Client | undefined> {
    return this.clients.find((one) => one.clientId === clientId);
  }

  async list(): Promise<readonly Client[]> {
    return this.clients;
  }
}

describe('Discovery', () => {
  it('follows the clients, with one document and ETag for each change', async () => {
    const store = new ChangingClients([client('c')]);
    const server = await run({ providers: [{ provide: ClientStore, useValue: store }] });
    const etags: (string | null)[] = [];
    const methods: string[][] = [];
    const changes = [
      [client('c', { requireClientSecret: false })],
      [client('c', { requireClientSecret: false, enabled: false }), client('d')],
    ];
    for (const clients of [store.clients, ...changes]) {
      store.clients = clients;
      const { body, headers } = await server.send(configuration);
      methods.push(body.token_endpoint_auth_methods_supported as string[]);
      etags.push(headers.get('etag'));
    }
    const withSecret = ['client_secret_basic', 'client_secret_post'];
    expect(methods).toEqual([withSecret, [...withSecret, 'none'], withSecret]);
    expect([etags[0] === etags[2], etags[0] === etags[1]]).toEqual([true, false]);
    const sent = await Promise.all([
      server.send(configuration, { headers: { 'if-none-match': etags[2]! } }),
      server.send(configuration, { headers: { 'if-none-match': etags[1]! } }),
    ]);
    expect(sent.map(({ status }) => status)).toEqual([304, 200]);
    await server.close();
  });

  it('leaves out what is hidden, and none and offline_access where no client uses them', async () => {
    const [openid, ...others] = seed.identityResources;
    const server = await run({
      identityResources: [
        openid!,
        ...others.map((resource) => Object.assign(resource, { showInDiscoveryDocument: false })),
      ],
      clients: [client('c')],
    });
    const { body } = await server.send(configuration);
    expect(body.scopes_supported).toEqual(['openid', 'api1', 'api2', 'api1.read', 'shared']);
    expect(body.claims_supported).toEqual(['sub']);
    expect(body.token_endpoint_auth_methods_supported).toEqual(['client_secret_basic', 'client_secret_post']);
    others.forEach((resource) => Object.assign(resource, { showInDiscoveryDocument: true }));
  });

  it('names only the ways of authentication that some client may use', async () => {
    const only = { tokenEndpointAuthMethod: 'client_secret_basic' } as const;
    const server = await run({
      clients: [client('c', { ...only, allowedScopes: [] })],
      apiResources: [],
      apiScopes: [],
    });
    const { body } = await server.send(configuration);
    expect(body.token_endpoint_auth_methods_supported).toEqual(['client_secret_basic']);
    expect(body.introspection_endpoint_auth_methods_supported).toEqual(['client_secret_basic']);
  });

  it('offers nothing that needs a person in a browser where there are no pages, and all of it where there are', async () => {
    const redirectUris = ['https://app.example.com/callback'];
    const clients = [
      client('web', { allowedGrantTypes: ['authorization_code'], redirectUris }),
      client('spa', { allowedGrantTypes: ['implicit'], redirectUris }),
      client('tv', { allowedGrantTypes: ['urn:ietf:params:oauth:grant-type:device_code'] }),
    ];
    const without = (await (await run({ clients })).send(configuration)).body;
    expect(without).toMatchObject({
      grant_types_supported: ['client_credentials', 'password', 'refresh_token'],
      response_types_supported: [],
    });
    for (const name of ['authorization_endpoint', 'end_session_endpoint', 'device_authorization_endpoint']) {
      expect(without).not.toHaveProperty(name);
    }
    const pages = { provide: InteractionPages, useValue: { paths: { signIn: 'signin' } } };
    const complete = (await (await run({ clients, providers: [pages] })).send(configuration)).body;
    expect(complete).toMatchObject({
      authorization_endpoint: `${seed.issuer}/connect/authorize`,
      end_session_endpoint: `${seed.issuer}/connect/endsession`,
      device_authorization_endpoint: `${seed.issuer}/connect/deviceauthorization`,
      response_types_supported: ['code', 'id_token'],
      grant_types_supported: expect.arrayContaining([
        'authorization_code',
        'implicit',
        'urn:ietf:params:oauth:grant-type:device_code',
      ]),
    });
  });

  it('keeps the path of an issuer that has one, with or without a slash at its end', async () => {
    for (const issuer of ['https://example.com/id', 'https://example.com/id/']) {
      const server = await run({ issuer });
      const { body } = await server.send(configuration);
      expect([body.issuer, body.token_endpoint]).toEqual([issuer, 'https://example.com/id/connect/token']);
      await server.close();
    }
  });

  it('announces a new key and drops a removed one when the key ring is reloaded', async () => {
    const server = await run();
    const store = server.app.get(SigningKeyStore);
    const [key] = await store.list();
    await store.remove(key!.kid);
    await server.app.get(KeyRing).reload();
    expect((await server.send(`${configuration}/jwks`)).body).toEqual({ keys: [] });
    await store.add(key!);
    await server.app.get(KeyRing).reload();
    expect((await server.send(`${configuration}/jwks`)).body.keys).toHaveLength(1);
  });
});
