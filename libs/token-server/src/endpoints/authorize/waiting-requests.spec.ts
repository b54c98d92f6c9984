import { beforeAll, describe, expect, it } from '@jest/globals';
import { ProfileService } from '@tessera/grant-types';
import { hashHandle, type Client, InteractionStore } from '@tessera/resource-model';
import { client, issuer, run, type RunningServer } from '../../running-server.spec.fixture.js';
import { Browser, challenge, PlainPagesModule, toClient } from '../../signed-in-browser.spec.fixture.js';

const redirectUri = 'https://app.example.com/callback';
const web = {
  allowedGrantTypes: ['authorization_code'],
  redirectUris: [redirectUri],
  allowedScopes: ['openid', 'profile', 'api1', 'api2'],
};
const request = {
  client_id: 'web',
  redirect_uri: redirectUri,
  response_type: 'code',
  scope: 'openid profile',
  state: 'a state',
  code_challenge: challenge,
  code_challenge_method: 'S256',
};

/** Bob may not use the client `club`; Carol may be nowhere here. */
class Members extends ProfileService {
  async claims() {
    return {};
  }

  async isActive(subject: string, at?: Client) {
    return subject !== 'subject-of-carol' && !(subject === 'subject-of-bob' && at?.clientId === 'club');
  }
}

let server: RunningServer;
beforeAll(async () => {
  server = await run({
    clients: [client('web', web), client('club', web)],
    imports: [PlainPagesModule],
    providers: [{ provide: ProfileService, useClass: Members }],
  });
});

describe('An authorize request that waits', () => {
  const kept = async (form: URLSearchParams) => {
    const answer = await server.send('connect/authorize', { method: 'POST', body: form });
    const id = new URL(answer.headers.get('location')!).searchParams.get('interaction')!;
    return (await server.app.get(InteractionStore).find(hashHandle(id)))!;
  };

  it('cannot be used to fill memory: no parameter is kept that nobody declared, and no empty one', async () => {
    const form = new URLSearchParams(request);
    for (let i = 0; i < 50; i++) form.append(`junk${i}`, 'x'.repeat(1000));
    for (let i = 0; i < 1000; i++) form.append('audience', 'x');
    for (let i = 0; i < 1000; i++) form.append('resource', '');
    form.append('login_hint', '');
    expect((await kept(form)).parameters).toEqual(request);
  });

  it('keeps what is declared, values that come several times included (RFC 8707 §2)', async () => {
    const form = new URLSearchParams({ ...request, scope: 'openid api1 api2', nonce: 'n', prompt: 'login' });
    const resource = ['api1', 'api2'];
    resource.forEach((one) => form.append('resource', one));
    expect((await kept(form)).parameters).toEqual({ ...Object.fromEntries(form), resource });
  });

  it('knows the network that it came from', async () => {
    expect((await kept(new URLSearchParams(request))).network).toBe('127.0.0.1');
  });
});

describe('Somebody who may not use a client', () => {
  const page = `${issuer}/signin?`;
  const club = { ...request, client_id: 'club' };
  const denied = {
    error: 'access_denied',
    error_description: expect.stringContaining('may not use'),
    state: 'a state',
    iss: issuer,
  };

  it.each(['bob', 'carol'])(
    'is not asked to sign in for ever: after a sign-in the client is told (%s)',
    async (name) => {
      const browser = new Browser(server);
      const answer = await browser.act(await browser.authorize(club), { as: name });
      expect(toClient(answer)).toMatchObject(denied);
    },
  );

  it('and is signed in already sees the sign-in page, for another account may do', async () => {
    const browser = new Browser(server);
    await browser.signIn('bob');
    const asked = await browser.authorize(club);
    expect(asked.headers.get('location')).toMatch(page);
    expect(toClient(await browser.act(asked, { as: 'alice' })).code).toBeDefined();
  });

  it('and signs in once more as the same is turned away, at the next request asked again', async () => {
    const browser = new Browser(server);
    await browser.signIn('bob');
    expect(toClient(await browser.act(await browser.authorize(club), { as: 'bob' }))).toMatchObject(denied);
    expect((await browser.authorize(club)).headers.get('location')).toMatch(page);
    expect(toClient(await browser.authorize(request)).code).toBeDefined();
  });

  it('gets no page with prompt=none', async () => {
    const browser = new Browser(server);
    await browser.signIn('bob');
    expect(toClient(await browser.authorize({ ...club, prompt: 'none' })).error).toBe('login_required');
  });
});
