import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { DocumentHost } from '../document-host.js';
import { PlainBrowser } from '../plain-browser.js';
import { FakeClock, type RunningServer, seed, startServer } from '../running-server.js';
import { authorizeAddress, redirectUri } from './people.fixture.js';

const grant_types = ['authorization_code'];
const imports = [AccountsModule, PagesModule];

let host: DocumentHost;
beforeAll(async () => void (host = await DocumentHost.start()));
afterAll(() => host.close());

describe('A client that registers itself, against the server', () => {
  let server: RunningServer;
  const vendor = generateKeyPair('ES256');
  const stranger = generateKeyPair('ES256');

  beforeAll(async () => {
    const key = await exportJWK((await vendor).publicKey);
    server = await startServer({
      tls: true,
      options: {
        imports,
        clientIdMetadataDocuments: { hosts: ['*'] },
        // The authority of the site is trusted: what keeps the server from calling it is its address alone.
        outgoing: { certificateAuthorities: [host.ca] },
        registration: {
          mode: 'open',
          registrationsPerHour: 1000,
          policy: {
            scopes: ['openid', 'profile'],
            redirectHosts: ['app.example.com', '.partners.example.com'],
            applicationTypes: ['web', 'native'],
          },
          softwareStatements: { issuers: [{ issuer: 'https://vendors.example.com', keys: [key] }] },
        },
      },
    });
  });
  afterAll(() => server.close());

  async function register(metadata: object) {
    const response = await server.fetch(`${server.url}/connect/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [redirectUri], ...metadata }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  }

  test.each([
    ['the password grant', { grant_types: ['password'] }],
    ['client credentials', { grant_types: ['client_credentials'] }],
    ['tokens through the browser', { grant_types: ['implicit'], response_types: ['token'] }],
    ['token exchange', { grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange'] }],
    ['one that is allowed, and another', { grant_types: ['authorization_code', 'password'] }],
    ['the scope of an API', { scope: 'openid api1' }],
    ['a scope that there is not', { scope: 'openid admin' }],
    ['a list for a scope', { scope: ['api1'] }],
  ])('asks for more than it may: %s', async (_what, metadata) => {
    const { status, body } = await register(metadata);
    expect([status, body.error]).toEqual([400, 'invalid_client_metadata']);
  });

  test('sets what only the server sets: its id, its secret, its consent, its name in the configuration', async () => {
    const forged = {
      client_id: 'simple_client',
      client_secret: 'known',
      requireConsent: false,
      require_consent: false,
      allowedScopes: ['api1'],
      requirePkce: false,
      properties: { admin: 'yes' },
      clientSecrets: [],
      allow_offline_access: true,
    };
    const { body } = await register({ ...forged, token_endpoint_auth_method: 'none' });
    expect(body.client_id).not.toBe('simple_client');
    expect(body.scope).toBe('openid profile');
    const browser = new PlainBrowser(server);
    const withoutProof = authorizeAddress({
      client_id: body.client_id,
      code_challenge: undefined,
      code_challenge_method: undefined,
    });
    expect((await browser.open(withoutProof)).url.searchParams.get('error')).toBe('invalid_request');
    const page = await browser.signIn(await browser.open(authorizeAddress({ client_id: body.client_id })));
    expect(page.url.pathname).toBe('/consent');
  });

  test('comes without a proof key, since it has a secret: the policy asks for one of all (RFC 9700 §2.1.1)', async () => {
    const { body } = await register({ token_endpoint_auth_method: 'client_secret_basic' });
    const without = { code_challenge: undefined, code_challenge_method: undefined, nonce: 'a nonce' };
    const open = (more: object) =>
      new PlainBrowser(server).open(authorizeAddress({ client_id: body.client_id, scope: 'openid', ...more }));
    expect((await open(without)).url.searchParams.get('error')).toBe('invalid_request');
    expect((await open({})).url.pathname).toBe('/signin');
  });

  test.each([
    ['a script', 'javascript:alert(1)//https://app.example.com/'],
    ['data', 'data:text/html,x'],
    ['a file', 'file:///etc/passwd'],
    ['the view of a source', 'view-source:https://app.example.com/'],
    ['plain http', 'http://app.example.com/callback'],
    ['a loopback address for a web client', 'http://127.0.0.1/callback'],
    ['another host', 'https://evil.example.net/callback'],
    ['a name that begins with the allowed one', 'https://app.example.com.evil.net/callback'],
    ['a name that ends with the allowed one', 'https://evil-app.example.com/callback'],
    ['a name that ends with the allowed suffix', 'https://evil-partners.example.com/callback'],
    ['the bare suffix', 'https://partners.example.com/callback'],
    ['a user who looks like the host', 'https://app.example.com@evil.example.net/callback'],
    ['a user with a password', 'https://app.example.com:443@evil.example.net/callback'],
    ['an empty user', 'https://@evil.example.net/callback'],
    ['a backslash before the host', 'https://evil.example.net\\@app.example.com/callback'],
    ['an escaped host', 'https://app.example.com%2eevil.example.net/callback'],
    ['a host in other letters', 'https://APP.example.com/callback'],
    ['a wide full stop', 'https://app．example．com/callback'],
    ['a fragment', 'https://app.example.com/callback#code'],
    ['white space', ' https://app.example.com/callback'],
    ['a line break', 'https://app.example.com/\r\nSet-Cookie: a=b'],
    ['no scheme', '//app.example.com/callback'],
    ['no URI at all', 'app'],
  ])('sends the code elsewhere by its redirect URI: %s', async (_what, uri) => {
    const { status, body } = await register({ application_type: 'web', redirect_uris: [redirectUri, uri] });
    expect([status, body.error]).toEqual([400, 'invalid_redirect_uri']);
    const after = await register({ application_type: 'web', post_logout_redirect_uris: [uri] });
    expect([after.status, after.body.error]).toEqual([400, 'invalid_client_metadata']);
  });

  test.each([
    ['a name of this network', 'http://intranet/callback'],
    ['a name that only begins as a loopback address', 'http://127.0.0.1.evil.example.net/callback'],
    ['a user at a loopback address', 'http://127.0.0.1@evil.example.net/callback'],
    ['a scheme that anybody could have', 'app:/callback'],
    ['a script', 'javascript:alert(1)'],
    ['a host that is not allowed', 'https://evil.example.net/callback'],
  ])('calls itself native to be sent to %s', async (_what, uri) => {
    const { body } = await register({ application_type: 'native', redirect_uris: [uri] });
    expect(body.error).toBe('invalid_redirect_uri');
  });

  test('native ones are let through at loopback addresses and schemes of their own (RFC 8252 §7)', async () => {
    const redirect_uris = ['http://127.0.0.1/callback', 'http://[::1]/callback', 'com.example.app:/callback'];
    const native = { application_type: 'native', token_endpoint_auth_method: 'none' };
    expect((await register({ ...native, redirect_uris })).status).toBe(201);
  });

  const addresses = (path: string) => {
    const { port } = new URL(host.url);
    return [
      `${host.url}${path}`,
      `https://127.0.0.1:${port}${path}`,
      `https://2130706433:${port}${path}`,
      `https://0x7f.1:${port}${path}`,
      `https://[::1]:${port}${path}`,
      `https://[::ffff:127.0.0.1]:${port}${path}`,
      `http://localhost:${port}${path}`,
      `https://169.254.169.254${path}`,
    ];
  };

  test('makes the server call into its own network by sector_identifier_uri (SSRF)', async () => {
    host.serve('/sector.json', [redirectUri]);
    for (const sector_identifier_uri of addresses('/sector.json')) {
      const { status, body } = await register({ subject_type: 'pairwise', sector_identifier_uri });
      expect([sector_identifier_uri, status, body.error]).toEqual([
        sector_identifier_uri,
        400,
        'invalid_client_metadata',
      ]);
      // What the network behind the server is like is nobody's business.
      expect(body.error_description).not.toMatch(/private|refused|resolve|127/);
    }
    expect(host.connections).toBe(0);
  });

  test('makes the server call into its own network by jwks_uri (SSRF)', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const jwks_uri = host.serve('/jwks.json', { keys: [] });
    const { body } = await register({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri });
    expect(body.client_id).toBeDefined();
    const assertion = await new SignJWT({ jti: 'one' })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setIssuer(body.client_id!)
      .setSubject(body.client_id!)
      .setAudience(server.url)
      .setExpirationTime('1m')
      .setIssuedAt()
      .sign(privateKey);
    const answer = await server.form('connect/token', {
      grant_type: 'authorization_code',
      code: 'x',
      redirect_uri: redirectUri,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    });
    expect(answer.body.error).toBe('invalid_client');
    expect(host.connections).toBe(0);
  });

  test('makes the server fetch its picture or its pages: nobody but the person’s browser does', async () => {
    const at = (path: string) => host.serve(path, 'x');
    const { status, body } = await register({
      logo_uri: at('/logo'),
      client_uri: at('/'),
      policy_uri: at('/p'),
      tos_uri: at('/t'),
    });
    expect(status).toBe(201);
    const browser = new PlainBrowser(server);
    await browser.signIn(await browser.open(authorizeAddress({ client_id: body.client_id })));
    expect(host.connections).toBe(0);
  });

  test.each([
    ['localhost', 0], ['127.0.0.1', 1], ['in decimal', 2], ['in hexadecimal', 3], ['of IPv6', 4], ['mapped to IPv6', 5], ['over http', 6],
    ['link-local', 7],
  ])('is named by an address in the server’s own network: %s (SSRF by client_id)', async (_what, index) => {
    const clientId = addresses('/client.json')[index]!;
    host.serveClient('/client.json', { redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' });
    const { status, text } = await new PlainBrowser(server).open(authorizeAddress({ client_id: clientId }));
    expect(status).toBe(400);
    expect(text).toContain('not known here');
    expect(host.connections).toBe(0);
  }); // prettier-ignore

  describe('with a software statement', () => {
    async function statement(
      claims: object = {},
      { issuer = 'https://vendors.example.com', by = vendor, exp = '5m' } = {},
    ) {
      return new SignJWT({ client_name: 'Approved', ...claims })
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuer(issuer)
        .setExpirationTime(exp)
        .sign((await by).privateKey);
    }

    test('of somebody else: unapproved_software_statement (RFC 7591 §3.2.2)', async () => {
      const { body } = await register({
        software_statement: await statement({}, { issuer: 'https://evil.example.net' }),
      });
      expect(body.error).toBe('unapproved_software_statement');
    });

    test.each([
      ['signed by another key', () => statement({}, { by: stranger })],
      ['that has expired', () => statement({}, { exp: '-1m' })],
      ['that does not count yet', () => statement({ nbf: Math.floor(Date.now() / 1000) + 600 }, { exp: '1h' })],
      ['without a signature', async () => (await statement()).replace(/[^.]+$/, '')],
      [
        'of the algorithm none',
        async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await statement()).split('.')[1]!}.`,
      ],
      [
        'changed on its way',
        async () =>
          (await statement()).replace(
            /^([^.]+)\.[^.]+/,
            `$1.${Buffer.from('{"iss":"https://vendors.example.com"}').toString('base64url')}`,
          ),
      ],
      ['that is no JWT', async () => 'approved'],
    ])('%s: invalid_software_statement (RFC 7591 §3.2.2)', async (_what, forged) => {
      expect((await register({ software_statement: await forged() })).body.error).toBe('invalid_software_statement');
    });

    test('gets no more by it than the policy gives: claims are held to it as well', async () => {
      const { body } = await register({ software_statement: await statement({ scope: 'openid api1' }) });
      expect(body.error).toBe('invalid_client_metadata');
    });
  });
});

describe('A client that is described by a document, against the server', () => {
  const clock = new FakeClock();
  let server: RunningServer;

  beforeAll(async () => {
    server = await startServer({
      tls: true,
      clock,
      logger: false,
      options: {
        clients: seed.clients,
        imports,
        outgoing: { allowPrivateAddresses: true, certificateAuthorities: [host.ca] },
        clientIdMetadataDocuments: { hosts: ['localhost'], requestsPerHost: 12 },
        registration: { mode: 'open' },
      },
    });
  });
  afterAll(() => server.close());

  let paths = 0;
  const nextPath = () => `/document-${++paths}.json`;
  /** A minute later, when the server may fetch again. */
  const later = () => clock.advance(60);
  const good = { redirect_uris: [redirectUri], token_endpoint_auth_method: 'none', grant_types };
  const open = (clientId: string, more = {}) =>
    new PlainBrowser(server).open(authorizeAddress({ client_id: clientId, scope: 'openid', ...more }));
  const isKnown = async (clientId: string, more = {}) => (await open(clientId, more)).url.pathname === '/signin';

  test('is let in where its document is in order', async () => {
    expect(await isKnown(host.serveClient('/good.json', good))).toBe(true);
  });

  test.each([
    ['names another client_id', { ...good, client_id: 'https://localhost/good.json' }],
    ['names the id of a configured client', { ...good, client_id: 'simple_client' }],
    ['names its id in other letters', { ...good, client_id: 'HTTPS://localhost' }],
    ['has a secret for everybody to read', { ...good, client_secret: 'secret' }],
    ['has an end for a secret', { ...good, client_secret_expires_at: 0 }],
    ['wants to authenticate with a secret', { ...good, token_endpoint_auth_method: 'client_secret_basic' }],
    ['wants to sign with a secret', { ...good, token_endpoint_auth_method: 'client_secret_jwt' }],
    [
      'shows its private key',
      {
        ...good,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'a', y: 'b', d: 'c' }] },
      },
    ],
    ['wants a name of its own for each person, which nobody could keep for it', { ...good, subject_type: 'pairwise' }],
    ['has no redirect URI', { ...good, redirect_uris: [] }],
    ['has a script for a redirect URI', { ...good, redirect_uris: ['javascript:alert(1)'] }],
    ['has a redirect URI with a user', { ...good, redirect_uris: ['https://app.example.com@evil.net/'] }],
    ['may use nothing that is open to it', { ...good, grant_types: ['client_credentials'] }],
    ['is a list', []],
    ['is no JSON', '<html>'],
  ])('is unknown where its document %s (§4)', async (_what, document) => {
    later();
    const path = nextPath();
    const clientId = host.url + path;
    host.serve(
      path,
      typeof document === 'object' && !Array.isArray(document) ? { client_id: clientId, ...document } : document,
    );
    expect(await isKnown(clientId)).toBe(false);
    expect(host.countOf(path)).toBe(1);
  });

  test.each([
    ['a redirect, which is not followed', { status: 302, headers: { location: '/good.json' } }],
    ['an error', { status: 500 }],
    ['any other success', { status: 203 }],
    ['another type', { headers: { 'content-type': 'text/html' } }],
  ])('is unknown where the answer is %s (§5)', async (_what, more) => {
    later();
    const path = nextPath();
    const clientId = host.serve(path, { client_id: host.url + path, ...good }, more);
    const before = host.countOf('/good.json');
    expect(await isKnown(clientId)).toBe(false);
    expect(host.countOf('/good.json')).toBe(before);
  });

  test('is unknown where its document is too long (§8.7)', async () => {
    later();
    expect(await isKnown(host.serveClient('/long.json', { ...good, padding: 'x'.repeat(11_000) }))).toBe(false);
  });

  test.each([
    ['another host', (url: string) => url.replace('localhost', '127.0.0.1')],
    ['a query', (url: string) => `${url}?a=b`],
    ['a fragment', (url: string) => `${url}#a`],
    ['dot segments', (url: string) => url.replace('/good', '/a/../good')],
    ['escaped dot segments', (url: string) => url.replace('/good', '/a/%2e%2e/good')],
    ['a user', (url: string) => url.replace('//', '//a@')],
    ['plain http', (url: string) => url.replace('https', 'http')],
  ])('is not fetched from %s (§3)', async (_what, change) => {
    later();
    const before = host.asked.length;
    expect(await isKnown(change(`${host.url}/good.json`))).toBe(false);
    expect(host.asked).toHaveLength(before);
  });

  test('gets nothing that its document says beyond the policy: no refresh tokens, no API', async () => {
    later();
    const clientId = host.serveClient('/greedy.json', {
      ...good,
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials', 'password'],
      scope: 'openid api1 offline_access',
      require_consent: false,
    });
    expect(await isKnown(clientId)).toBe(true);
    for (const scope of ['openid api1', 'openid offline_access']) {
      expect((await open(clientId, { scope })).url.searchParams.get('error')).toBe('invalid_scope');
    }
    const answer = await server.form('connect/token', {
      grant_type: 'password',
      username: 'alice',
      password: 'alice',
      client_id: clientId,
    });
    expect(answer.body.error).toBe('unauthorized_client');
  });

  test('changes its document: the new one counts when the old has ended, the old one no more (§5.2, §8.4)', async () => {
    later();
    const [path, other] = ['/changing.json', 'https://elsewhere.example.com/'];
    const clientId = host.serveClient(path, good, { 'cache-control': 'max-age=600' });
    expect(await isKnown(clientId)).toBe(true);
    host.serveClient(path, { ...good, redirect_uris: [other] }, { 'cache-control': 'no-store' });
    clock.advance(599);
    expect([await isKnown(clientId), host.countOf(path)]).toEqual([true, 1]);
    clock.advance(1);
    expect([await isKnown(clientId), await isKnown(clientId, { redirect_uri: other })]).toEqual([false, true]);
    // Bounds of the server's own: not for every request, whatever the document says.
    expect(host.countOf(path)).toBe(2);
    clock.advance(60);
    host.documents.delete(path);
    expect(await isKnown(clientId, { redirect_uri: other })).toBe(false);
  });

  test('counts for a day at the most, whatever its host says (§5.2)', async () => {
    later();
    const [path, other] = ['/lasting.json', 'https://elsewhere.example.com/'];
    const clientId = host.serveClient(path, good, { 'cache-control': 'max-age=31536000' });
    expect(await isKnown(clientId)).toBe(true);
    host.serveClient(path, { ...good, redirect_uris: [other] });
    clock.advance(86_399);
    expect([await isKnown(clientId), host.countOf(path)]).toEqual([true, 1]);
    clock.advance(1);
    expect([await isKnown(clientId), await isKnown(clientId, { redirect_uri: other })]).toEqual([false, true]);
  });

  test('makes the server fetch nothing but itself: its sector_identifier_uri is passed over', async () => {
    later();
    const sector_identifier_uri = host.serve('/sector-of-a-document.json', []);
    expect(await isKnown(host.serveClient('/with-a-sector.json', { ...good, sector_identifier_uri }))).toBe(true);
    expect(host.countOf('/sector-of-a-document.json')).toBe(0);
  });

  test('takes no more room than there is: what was not asked for longest goes', async () => {
    const small = await startServer({
      logger: false,
      options: {
        clients: seed.clients,
        outgoing: { allowPrivateAddresses: true, certificateAuthorities: [host.ca] },
        clientIdMetadataDocuments: { hosts: ['localhost'], mostDocuments: 2 },
      },
    });
    const name = async (path: string) => {
      const form = { grant_type: 'authorization_code', code: 'unknown', redirect_uri: redirectUri };
      const { body } = await small.form('connect/token', { ...form, client_id: host.serveClient(path, good) });
      expect(body.error).toBe('invalid_grant');
    };
    for (const path of ['/room/1', '/room/2', '/room/1', '/room/3', '/room/1', '/room/2']) await name(path);
    expect(['/room/1', '/room/2', '/room/3'].map((path) => host.countOf(path))).toEqual([1, 2, 1]);
    await small.close();
  });

  test('stays known for an hour while its host gives no answer, and no longer', async () => {
    later();
    const path = '/away.json';
    const clientId = host.serveClient(path, good);
    expect(await isKnown(clientId)).toBe(true);
    host.serve(path, 'away', { status: 503 });
    clock.advance(1800);
    expect(await isKnown(clientId)).toBe(true);
    clock.advance(1900);
    expect(await isKnown(clientId)).toBe(false);
  });

  test('is asked for once, however many name it at once', async () => {
    later();
    const clientId = host.serveClient('/popular.json', good);
    const known = await Promise.all(Array.from({ length: 20 }, () => isKnown(clientId)));
    expect([known.every(Boolean), host.countOf('/popular.json')]).toEqual([true, 1]);
  });

  test('makes the server flood somebody: the budget of a host ends it, and those that are known stay known', async () => {
    later();
    const known = host.serveClient('/known.json', good);
    expect(await isKnown(known)).toBe(true);
    const before = host.asked.length;
    const ids = Array.from({ length: 40 }, (_one, index) => host.serveClient(`/flood/${index}.json`, good));
    const found = await Promise.all(ids.map((id) => isKnown(id)));
    expect(host.asked.length - before).toBe(11);
    expect(found.filter(Boolean)).toHaveLength(11);
    expect(await isKnown(known)).toBe(true);
    later();
    expect(await isKnown(ids.at(-1)!)).toBe(true);
  });

  test.each([
    ['lists each redirect URI', [redirectUri, 'https://b.example.com/'], 201],
    ['leaves one out', [redirectUri], 400],
    ['is no list', { redirect_uris: [redirectUri] }, 400],
  ])('joins a sector only where its document %s (OpenID Connect Registration §5)', async (_what, list, expected) => {
    const { status } = await server.send('connect/register', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: [redirectUri, 'https://b.example.com/'],
        subject_type: 'pairwise',
        sector_identifier_uri: host.serve(nextPath(), list),
      }),
    });
    expect(status).toBe(expected);
  });
});
