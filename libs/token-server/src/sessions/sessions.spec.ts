import { beforeAll, describe, expect, it } from '@jest/globals';
import { SessionStore } from '@tessera/resource-model';
import { Browser, challenge, PlainPagesModule, toClient, verifier } from '../signed-in-browser.spec.fixture.js';
import { client, run, type RunningServer } from '../running-server.spec.fixture.js';

const request = {
  client_id: 'web',
  redirect_uri: 'https://app.example.com/callback',
  response_type: 'code',
  scope: 'openid',
  prompt: 'none',
  code_challenge: challenge,
  code_challenge_method: 'S256',
};
const day = 86_400;

describe('"Keep me signed in"', () => {
  let server: RunningServer;
  beforeAll(async () => {
    const web = { allowedGrantTypes: ['authorization_code'], redirectUris: [request.redirect_uri] };
    server = await run({
      clients: [client('web', { ...web, allowedScopes: ['openid'] })],
      imports: [PlainPagesModule],
      sessions: { rememberedIdleTimeout: 14 * day, rememberedLifetime: 30 * day },
    });
  });

  /** The seconds that the browser keeps the cookies of the session and of its state; none: until it is closed. */
  const spans = async (remember: boolean) => {
    const { headers } = await server.send(`act?as=alice&remember=${remember}`);
    return ['session', 'state'].map((name) => {
      const cookie = headers.getSetCookie().find((line) => line.startsWith(`__Host-tessera.${name}=`))!;
      return /Max-Age=(\d+)/.exec(cookie)?.[1];
    });
  };

  it('keeps the cookies as long as the session may last, and without it no longer than the browser is open', async () => {
    expect(await spans(true)).toEqual([`${30 * day}`, `${30 * day}`]);
    expect(await spans(false)).toEqual([undefined, undefined]);
  });

  it('lasts for days in which nobody comes, is prolonged by use, and ends in any case', async () => {
    const browser = new Browser(server);
    await browser.get('act?as=alice&remember=true');
    const isAlive = async () => toClient(await browser.authorize(request)).code !== undefined;
    for (const [days, alive] of [
      [13, true],
      [13, true],
      [3, true],
      [2, false],
    ] as const) {
      server.clock.advance(days * day);
      expect(await isAlive()).toBe(alive);
    }
    await browser.get('act?as=alice&remember=true');
    server.clock.advance(14 * day + 1);
    expect(await isAlive()).toBe(false);
  });
});

describe('A client whose tokens last as long as the session', () => {
  it('gets none for a code when the person has signed out meanwhile', async () => {
    const server = await run({
      clients: ['loose', 'tied'].map((clientId) =>
        client(clientId, {
          allowedGrantTypes: ['authorization_code'],
          redirectUris: [request.redirect_uri],
          allowedScopes: ['openid'],
          coordinateLifetimeWithUserSession: clientId === 'tied',
        }),
      ),
      imports: [PlainPagesModule],
    });
    const browser = new Browser(server);
    await browser.signIn('alice');
    const codes = [];
    for (const clientId of ['loose', 'tied']) {
      codes.push(toClient(await browser.authorize({ ...request, client_id: clientId })).code!);
    }
    const sessions = server.app.get(SessionStore);
    for (const { id } of await sessions.listBySubject('subject-of-alice')) await sessions.remove(id);
    const redeem = async (clientId: string, code: string) => {
      const form = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: request.redirect_uri,
        code_verifier: verifier,
      };
      return (await server.post('connect/token', form, { basic: `${clientId}:secret` })).body as Record<string, string>;
    };
    expect(await redeem('loose', codes[0]!)).toHaveProperty('access_token');
    expect(await redeem('tied', codes[1]!)).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('A session that was ended elsewhere', () => {
  it('takes its cookies from the browser at the next request, so that session frames say changed (Session Management §3.2)', async () => {
    const server = await run({
      clients: [
        client('web', {
          allowedGrantTypes: ['authorization_code'],
          redirectUris: [request.redirect_uri],
          allowedScopes: ['openid'],
        }),
      ],
      imports: [PlainPagesModule],
    });
    const browser = new Browser(server);
    await browser.signIn('alice');
    await browser.authorize(request);
    expect(browser.cookie('__Host-tessera.state')).toBeDefined();
    const sessions = server.app.get(SessionStore);
    for (const { id } of await sessions.listBySubject('subject-of-alice')) await sessions.remove(id);
    expect(toClient(await browser.authorize(request)).error).toBe('login_required');
    expect([browser.cookie('__Host-tessera.state'), browser.cookie('__Host-tessera.session')]).toEqual([
      undefined,
      undefined,
    ]);
  });
});
