import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { basic, type RunningSts, runSts, secrets, smallConfiguration } from './running-sts.fixture.js';
import { temporaryFolder } from './temporary-folder.fixture.js';

const under = (issuer: string) => smallConfiguration.replace('https://id.example.com', issuer);
const json = async (url: string): Promise<Record<string, unknown>> => (await (await fetch(url)).json()) as never;

function token({ url }: RunningSts, path = '/connect/token'): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
    headers: { authorization: basic('machine', secrets.client) },
  });
}

describe('A request that never reaches an endpoint', () => {
  it('with an address that cannot be read is refused in our own form, and its query is repeated nowhere', async () => {
    const { url } = await runSts();
    const answer = await fetch(`${url}/%zz?access_token=abc`);
    const text = await answer.text();
    expect([answer.status, JSON.parse(text).error]).toEqual([400, 'invalid_request']);
    expect(answer.headers.get('x-correlation-id')).toMatch(/^[\w-]{16}$/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(text).not.toContain('abc');
  });

  it.each([
    ['/connect/token', 400],
    ['/connect/introspect', 415],
    ['/connect/revocation', 415],
  ])(
    'with broken JSON for a body is refused by %s with %d, as any other body that is no form',
    async (path, status) => {
      const { url } = await runSts();
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(url + path, { method: 'POST', body: '{"client_secret":hunter2', headers });
      const text = await answer.text();
      expect([answer.status, JSON.parse(text).error]).toEqual([status, 'invalid_request']);
      expect(text).not.toContain('hunter2');
    },
  );

  it('with a body over the limit is refused with 413', async () => {
    const { url } = await runSts();
    const body = new URLSearchParams({ scope: 'x'.repeat(70_000) });
    const answer = await fetch(`${url}/connect/token`, { method: 'POST', body });
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([413, 'invalid_request']);
  });
});

describe('An issuer with a path', () => {
  const issuer = 'https://example.com/identity/eu';

  it('is served under that path', async () => {
    const { url } = await runSts({}, under(issuer));
    const discovery = await json(`${url}/identity/eu/.well-known/openid-configuration`);
    expect(discovery).toMatchObject({
      issuer,
      token_endpoint: `${issuer}/connect/token`,
      jwks_uri: `${issuer}/.well-known/openid-configuration/jwks`,
    });
    expect((await fetch(`${url}/identity/eu/.well-known/openid-configuration/jwks`)).status).toBe(200);
    expect((await fetch(`${url}/identity/eu/health/ready`)).status).toBe(200);
  });

  it('has the metadata of RFC 8414 before the path, with or without a query', async () => {
    const { url } = await runSts({}, under(issuer));
    const address = `${url}/.well-known/oauth-authorization-server/identity/eu`;
    expect(await json(address)).toMatchObject({ issuer });
    expect((await fetch(`${address}?x=1`)).status).toBe(200);
    expect((await fetch(`${address}x`)).status).toBe(404);
  });

  it('has its endpoints under the path and, behind a proxy that takes it away, without', async () => {
    const sts = await runSts({}, under(issuer));
    for (const path of ['/identity/eu/connect/token', '/connect/token']) {
      const response = await token(sts, path);
      expect(response.status).toBe(200);
      const { access_token } = (await response.json()) as { access_token: string };
      expect(JSON.parse(Buffer.from(access_token.split('.')[1]!, 'base64url').toString())).toMatchObject({
        iss: issuer,
      });
    }
    for (const path of ['/identity/connect/token', '/identity/eux/connect/token', '/eu/connect/token']) {
      expect((await token(sts, path)).status).toBe(404);
    }
  });

  it.each([issuer, `${issuer}/`])('may end with a slash or not: %s', async (written) => {
    const { url } = await runSts({}, under(written));
    const discovery = await json(`${url}/identity/eu/.well-known/openid-configuration`);
    expect(discovery).toMatchObject({ issuer: written, token_endpoint: `${issuer}/connect/token` });
  });

  it('shows its home page to whoever opens it', async () => {
    const { url } = await runSts({}, under(issuer));
    for (const path of ['', '/', '/identity/eu', '/identity/eu/', '/identity/eu?x=1']) {
      const response = await fetch(url + path);
      expect([path, response.status, response.headers.get('content-type')]).toEqual([
        path,
        200,
        'text/html; charset=utf-8',
      ]);
      expect(await response.text()).toContain('/identity/eu/');
    }
  });
});

describe('An issuer without a path', () => {
  it('shows its home page to whoever opens it', async () => {
    const { url } = await runSts();
    const response = await fetch(url);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('You are not signed in.');
  });

  // One forgotten variable must not tell the world who is here, and with which password.
  it.each([
    ['https://id.example.com', {}, false],
    ['https://localhost.example.com:5001', {}, false],
    ['https://localhost:5001', {}, true],
    ['https://127.0.0.1:5001', {}, true],
    ['https://localhost:5001', { NODE_ENV: 'production', STS_TLS: 'off', STS_TRUST_PROXY: 'loopback' }, false],
  ])('as %s with %j lists people and passwords on it: %s', async (issuer, variables, lists) => {
    const { url } = await runSts({ STS_ISSUER: issuer, ...variables });
    const page = await (await fetch(url)).text();
    expect([page.includes('carol'), page.includes(secrets.password)]).toEqual([lists, lists]);
  });

  it('answers an address that leads nowhere with a page for a browser, and with JSON for a program', async () => {
    const { url } = await runSts();
    const page = await fetch(`${url}/nowhere`, { headers: { accept: 'text/html,*/*' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain('There is no page at this address.');
    const json = await fetch(`${url}/nowhere`);
    expect([json.status, await json.json()]).toEqual([404, expect.objectContaining({ error: 'invalid_request' })]);
  });

  it('is never taken from a request', async () => {
    const { url } = await runSts({ STS_TRUST_PROXY: 'true' });
    const text = await new Promise<string>((resolve, reject) => {
      const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
      httpRequest(`${url}/.well-known/openid-configuration`, { headers }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (part: string) => (body += part)).on('end', () => resolve(body)); // prettier-ignore
      })
        .on('error', reject)
        .end();
    });
    expect(text).toContain('"issuer":"https://id.example.com"');
    expect(text).not.toContain('evil');
  });
});

describe('A proxy in front', () => {
  async function loggedAddress(variables: Record<string, string>): Promise<unknown> {
    const sts = await runSts(variables);
    await fetch(`${sts.url}/.well-known/openid-configuration`, {
      headers: { 'x-forwarded-for': '198.51.100.9, 203.0.113.5' },
    });
    for (let tries = 0; tries < 100 && !sts.log.some(({ msg }) => msg === 'request'); tries++) await delay(10);
    return sts.log.find(({ msg }) => msg === 'request')?.ip;
  }

  it.each([
    ['false', '127.0.0.1'],
    ['10.0.0.0/8', '127.0.0.1'],
    ['loopback', '203.0.113.5'],
    ['127.0.0.0/8,203.0.113.5', '198.51.100.9'],
    ['true', '198.51.100.9'],
  ])('that STS_TRUST_PROXY=%s trusts or not makes %s the address in the log', async (STS_TRUST_PROXY, ip) => {
    expect(await loggedAddress({ STS_TRUST_PROXY })).toBe(ip);
  });
});

describe('The server', () => {
  it('keeps its signing keys over a restart, for itself alone', async () => {
    const data = temporaryFolder();
    const first = await runSts({ STS_DATA: data });
    const keys = await json(`${first.url}/.well-known/openid-configuration/jwks`);
    const { access_token } = (await (await token(first)).json()) as { access_token: string };
    await first.app.close();
    const second = await runSts({ STS_DATA: data });
    expect(await json(`${second.url}/.well-known/openid-configuration/jwks`)).toEqual(keys);
    const answer = await fetch(`${second.url}/connect/introspect`, {
      method: 'POST',
      body: new URLSearchParams({ token: access_token }),
      headers: { authorization: basic('api1', secrets.api) },
    });
    expect(await answer.json()).toMatchObject({ active: true, client_id: 'machine' });
    expect(statSync(join(data, 'signing-keys.json')).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(keys)).not.toContain('"d"');
    expect(readFileSync(join(data, 'signing-keys.json'), 'utf8')).toContain('"d"');
  });

  it('does not start with signing keys that cannot be read, and keeps them', async () => {
    const data = temporaryFolder();
    const keys = join(data, 'signing-keys.json');
    writeFileSync(keys, '{ "keys": [');
    await expect(runSts({ STS_DATA: data })).rejects.toThrow(
      `The signing keys in ${keys} cannot be read. Put the file back`,
    );
    expect(readFileSync(keys, 'utf8')).toBe('{ "keys": [');
  });

  it('has other keys in another folder', async () => {
    const [a, b] = [await runSts(), await runSts()];
    const path = '/.well-known/openid-configuration/jwks';
    expect(await json(a.url + path)).not.toEqual(await json(b.url + path));
  });

  it('switches off what the file switches off', async () => {
    const { url } = await runSts({}, `${smallConfiguration}endpoints: { introspection: false }\n`);
    expect((await fetch(`${url}/connect/introspect`, { method: 'POST' })).status).toBe(404);
    expect(await json(`${url}/.well-known/openid-configuration`)).not.toHaveProperty('introspection_endpoint');
  });

  it('lets the people of the file in with their passwords', async () => {
    const { url } = await runSts();
    const form = { grant_type: 'password', client_id: 'app', client_secret: secrets.client, username: 'Carol' };
    const ask = (password: string) =>
      fetch(`${url}/connect/token`, { method: 'POST', body: new URLSearchParams({ ...form, password }) });
    expect((await ask(secrets.password)).status).toBe(200);
    expect((await ask('wrong')).status).toBe(400);
  });

  it('answers a body over its limit and of any type without falling over', async () => {
    const { url } = await runSts();
    const post = (type: string, body: string) =>
      fetch(`${url}/connect/token`, { method: 'POST', body, headers: { 'content-type': type } });
    expect((await post('application/x-www-form-urlencoded', `a=${'x'.repeat(70_000)}`)).status).toBe(413);
    for (const type of ['application/json', 'text/plain', 'image/png', 'nonsense']) {
      expect(await (await post(type, '{"grant_type":')).json()).toMatchObject({ error: 'invalid_request' });
    }
    expect((await token({ url } as RunningSts)).status).toBe(200);
  });
});
