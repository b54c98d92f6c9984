import { createRemoteJWKSet, jwtVerify } from 'jose';
import { curveKey } from '../decryption/api-keys.spec.fixture.js';
import { AccessTokenError } from '../token/access-token.error.js';
import { judge, verifierFor } from '../token/verification.spec.fixture.js';
import { FakeIssuer } from './fake-issuer.js';
import { ListeningApp, testedApp } from './tested-app.spec.fixture.js';
import { trustTestIssuer } from './trust-test-issuer.js';

let issuer: FakeIssuer;
beforeEach(async () => (issuer = await FakeIssuer.start()));
afterEach(() => issuer.close());

const verifier = (options = {}) => verifierFor(issuer, issuer.guardOptions(options));
const getJson = async (path: string): Promise<unknown> => (await fetch(`${issuer.url}${path}`)).json();
const credentials = { authorization: `Basic ${Buffer.from('api1:secret').toString('base64')}` };
const post = (path: string, form: Record<string, string>, headers: Record<string, string> = credentials) =>
  fetch(`${issuer.url}${path}`, { method: 'POST', body: new URLSearchParams(form), headers });
const introspect = async (token: string): Promise<unknown> => (await post('/introspect', { token })).json();

describe('A fake issuer', () => {
  it.each(['openid-configuration', 'oauth-authorization-server'])('publishes its metadata as %s', async (name) => {
    expect(await getJson(`/.well-known/${name}`)).toMatchObject({
      issuer: issuer.url,
      jwks_uri: `${issuer.url}/jwks`,
      token_endpoint: `${issuer.url}/token`,
      introspection_endpoint: `${issuer.url}/introspect`,
      revocation_endpoint: `${issuer.url}/revoke`,
    });
  });

  it('publishes the keys with which any client can check its tokens', async () => {
    const keys = createRemoteJWKSet(new URL(`${issuer.url}/jwks`));
    const { payload } = await jwtVerify(issuer.token(), keys, { issuer: issuer.url, audience: 'api1', typ: 'at+jwt' });
    expect(payload.sub).toBe('alice');
  });

  it('lets a test write other metadata', async () => {
    issuer.metadata = { issuer: 'https://other.test', jwks_uri: undefined };
    const metadata = await getJson('/.well-known/openid-configuration');
    expect(metadata).toMatchObject({ issuer: 'https://other.test' });
    expect(metadata).not.toHaveProperty('jwks_uri');
  });

  it('is trusted by a guard that finds its keys, which are fetched once', async () => {
    const guard = verifier();
    expect(await judge(guard, issuer.token())).toBe('accepted');
    expect(await judge(guard, issuer.token())).toBe('accepted');
    expect(issuer.requests).toEqual(['/.well-known/openid-configuration', '/jwks']);
    expect([issuer.requestsTo('metadata'), issuer.requestsTo('jwks'), issuer.requestsTo('token')]).toEqual([1, 1, 0]);
    issuer.forgetRequests();
    expect(issuer.requestsTo('jwks')).toBe(0);
  });

  it('answers 404 elsewhere, and 405 where a form is to be posted', async () => {
    expect((await fetch(`${issuer.url}/elsewhere`)).status).toBe(404);
    expect((await fetch(`${issuer.url}/token`)).status).toBe(405);
  });

  describe('at its token endpoint', () => {
    it('gives a token to any client', async () => {
      const response = await post('/token', { grant_type: 'client_credentials', scope: 'orders.read' });
      expect(response.headers.get('cache-control')).toBe('no-store');
      const body = (await response.json()) as { access_token: string };
      expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3_600, scope: 'orders.read' });
      expect(await verifier().verify(body.access_token)).toMatchObject({ subject: 'api1', clientId: 'api1', scopes: ['orders.read'] }); // prettier-ignore
    });

    it('takes the credentials in the form as well', async () => {
      const form = { grant_type: 'client_credentials', client_id: 'shop', client_secret: 'x' };
      expect((await post('/token', form, {})).status).toBe(200);
    });

    it('refuses a client without a secret, and other grants', async () => {
      expect((await post('/token', { grant_type: 'client_credentials', client_id: 'shop' }, {})).status).toBe(401);
      const response = await post('/token', { grant_type: 'password' });
      expect([response.status, await response.json()]).toEqual([400, { error: 'unsupported_grant_type' }]);
    });
  });

  describe('asked about a token', () => {
    it('knows those that it made, opaque ones and JWTs, until they are revoked', async () => {
      for (const token of [issuer.referenceToken({ sub: 'bob' }), issuer.token({ sub: 'bob' })]) {
        expect(await introspect(token)).toMatchObject({ active: true, sub: 'bob', aud: 'api1', token_type: 'Bearer' });
        issuer.revoke(token);
        expect(await introspect(token)).toEqual({ active: false });
      }
      const other = issuer.referenceToken();
      expect((await post('/revoke', { token: other })).status).toBe(200);
      expect(await introspect(other)).toEqual({ active: false });
    });

    it('knows what it encrypted as it knows what is inside, and takes back both forms', async () => {
      for (const revoked of [0, 1]) {
        const token = issuer.token({ sub: 'bob' });
        const forms = [token, await issuer.encrypt(token, curveKey()), await issuer.encrypt(token, curveKey())];
        for (const form of forms) expect(await introspect(form)).toMatchObject({ active: true, sub: 'bob' });
        issuer.revoke(forms[revoked]!);
        for (const form of forms) expect(await introspect(form)).toEqual({ active: false });
      }
      const stranger = await issuer.encrypt('a token that it never made', curveKey());
      expect(await introspect(stranger)).toEqual({ active: false });
    });

    it('calls tokens inactive that expired by its clock, are not valid yet, or were never made', async () => {
      const token = issuer.referenceToken({}, { expiresIn: 60 });
      expect(await introspect(token)).toMatchObject({ active: true });
      issuer.advance(60);
      for (const bad of [token, 'unknown', issuer.bad.expired(), issuer.bad.notYetValid(), issuer.bad.unsigned()]) {
        expect(await introspect(bad)).toEqual({ active: false });
      }
    });

    it('wants to know who asks', async () => {
      expect((await post('/introspect', { token: issuer.token() }, {})).status).toBe(401);
    });

    it('serves a guard that accepts reference tokens', async () => {
      const guard = verifier({
        introspection: { clientId: 'api1', clientSecret: 'secret', endpoint: 'https://id.invalid' },
      });
      const token = issuer.referenceToken({ scopes: ['a'] });
      expect(await guard.verify(token)).toMatchObject({ kind: 'reference', scopes: ['a'] });
      issuer.revoke(token);
      issuer.advance(31);
      expect(await judge(guard, token)).toBe('token_inactive');
    });
  });

  describe('that changes its keys', () => {
    it('signs with the new one, which a guard finds, while the old one is good', async () => {
      const guard = verifier();
      const old = issuer.token();
      expect(await judge(guard, old)).toBe('accepted');
      expect(issuer.rotateKey('RS256')).toBe('key-2');
      expect(await judge(guard, issuer.token())).toBe('accepted');
      expect(await judge(guard, old)).toBe('accepted');
      expect(await judge(guard, issuer.token({}, { kid: 'key-1' }))).toBe('accepted');
    });

    it('makes tokens of a removed key worthless, when guards fetch anew', async () => {
      issuer.cacheControl = 'max-age=60';
      const guard = verifier();
      issuer.rotateKey();
      const old = issuer.token({}, { kid: 'key-1' });
      expect(await judge(guard, old)).toBe('accepted');
      issuer.removeKey('key-1');
      issuer.advance(61);
      expect(await judge(guard, old)).toBe('key_unknown');
      expect(await judge(guard, issuer.token())).toBe('accepted');
      expect(() => issuer.removeKey('key-9')).toThrow("no key 'key-9'");
    });
  });

  describe('that fails', () => {
    const faults: [string, () => unknown][] = [
      ['is away', () => issuer.goAway()],
      ['answers 503', () => issuer.failWith(503)],
      ['gives no JSON', () => issuer.garble()],
      ['never ends its answer', () => issuer.hang()],
      ['is too slow', () => issuer.delay(3)],
      ['has no keys', () => issuer.failWith(500, 'jwks')],
    ];

    it.each(faults)('%s: a guard that has no keys says so, and recovers with it', async (_, fail) => {
      await fail();
      const guard = verifier({ fetchTimeout: 1 });
      const refusal = await guard.verify(issuer.token()).catch((error: unknown) => error as AccessTokenError);
      expect(refusal).toMatchObject({ code: 'issuer_unavailable' });
      issuer.recover();
      await issuer.comeBack();
      issuer.advance(30);
      expect(await judge(guard, issuer.token())).toBe('accepted');
    });

    it('comes back at the same port, and does not mind being called twice', async () => {
      const { url } = issuer;
      await issuer.goAway();
      await issuer.goAway();
      await expect(fetch(`${url}/jwks`)).rejects.toThrow();
      await issuer.comeBack();
      await issuer.comeBack();
      expect(issuer.url).toBe(url);
      expect((await fetch(`${url}/jwks`)).status).toBe(200);
    });

    it('fails at one endpoint alone', async () => {
      issuer.failWith(429, 'introspection');
      expect((await post('/introspect', { token: 'a' })).status).toBe(429);
      expect((await fetch(`${issuer.url}/jwks`)).status).toBe(200);
    });
  });

  it('listens at the port that is asked for', async () => {
    const { port } = new URL(issuer.url);
    await issuer.close();
    issuer = await FakeIssuer.start({ port: Number(port) });
    expect(issuer.url).toBe(`http://127.0.0.1:${port}`);
  });

  it('says clearly that a port is taken', async () => {
    await expect(FakeIssuer.start({ port: Number(new URL(issuer.url).port) })).rejects.toThrow('EADDRINUSE');
  });
});

it('an application keeps answering while its issuer is away, and then says when to come again', async () => {
  const app = await ListeningApp.of(await trustTestIssuer(testedApp(), issuer).compile());
  const headers = issuer.headers({ scopes: ['orders.read'] }, { expiresIn: 100_000 });
  expect(await app.status('/orders', headers)).toBe(200);
  await issuer.goAway();
  issuer.advance(600);
  expect(await app.status('/orders', headers)).toBe(200);
  issuer.advance(4_000);
  const refused = await app.get('/orders', headers);
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  await app.close();
});
