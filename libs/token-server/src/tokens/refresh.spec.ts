import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Authorization, type Grant, ProfileService } from '@tessera/grant-types';
import { type Client, createHandle, hashHandle, RefreshTokenStore } from '@tessera/resource-model';
import { Housekeeping } from '../housekeeping.js';
import { type Answer, claimsOf, client, run, type RunningServer, seed } from '../running-server.spec.fixture.js';

const password = { grant_type: 'password', username: 'alice', password: 'ecila' };
const scope = 'openid api1 api1.read offline_access';

let server: RunningServer;
const signIn = async (id = 'ropg_client', form = {}): Promise<Answer['body']> =>
  (await server.post('connect/token', { ...password, scope, ...form }, { basic: `${id}:secret` })).body;
const refresh = (refreshToken: string, form: Record<string, string> = {}, id = 'ropg_client') =>
  server.post(
    'connect/token',
    { grant_type: 'refresh_token', refresh_token: refreshToken, ...form },
    { basic: `${id}:secret` },
  );
const expectRefused = ({ status, body }: Answer, error = 'invalid_grant') =>
  expect([status, body.error]).toEqual([400, error]);

describe('A refresh token', () => {
  beforeEach(async () => {
    await server?.close();
    server = await run();
  });

  it('comes with offline_access, where the client may have it, and not otherwise', async () => {
    expect((await signIn()).refresh_token).toMatch(/^[\w-]{43}$/);
    expect((await signIn('ropg_client', { scope: 'openid api1' })).refresh_token).toBeUndefined();
    const refused = await server.post('connect/token', {
      ...password,
      scope: 'api1 offline_access',
      client_id: 'public_client',
    });
    expectRefused(refused, 'invalid_scope');
  });

  it('is kept as a hash, never as it is', async () => {
    const { refresh_token } = await signIn();
    const store = server.app.get(RefreshTokenStore);
    expect(await store.find(hashHandle(refresh_token))).toMatchObject({ subject: 'subject-of-alice' });
    expect(await store.find(refresh_token)).toBeUndefined();
  });

  it('gives new tokens of the same person, client and scopes, and a new refresh token (RFC 6749 §6)', async () => {
    const first = await signIn();
    server.clock.advance(60);
    const { status, body } = await refresh(first.refresh_token);
    expect(status).toBe(200);
    expect(body.scope).toBe(scope);
    expect(body.refresh_token).not.toBe(first.refresh_token);
    const [before, after] = [claimsOf(first.access_token), claimsOf(body.access_token)];
    expect(after).toEqual({ ...before, iat: before.iat + 60, exp: before.exp + 60, jti: expect.any(String) });
    expect(after.jti).not.toBe(before.jti);
  });

  it('gives an id_token with the same iss, sub, aud and auth_time, and a new iat (OpenID Connect Core §12.2)', async () => {
    const first = await signIn();
    server.clock.advance(60);
    const [before, after] = [claimsOf(first.id_token), claimsOf((await refresh(first.refresh_token)).body.id_token)];
    expect([after.iss, after.sub, after.aud, after.auth_time]).toEqual([
      before.iss,
      before.sub,
      before.aud,
      before.auth_time,
    ]);
    expect(after.iat).toBe(before.iat + 60);
    expect(after.nonce).toBeUndefined();
  });

  it('gives the very same answer to the same request again within the grace', async () => {
    const { refresh_token } = await signIn();
    const first = await refresh(refresh_token);
    server.clock.advance(9);
    expect((await refresh(refresh_token)).text).toBe(first.text);
    expect((await refresh(first.body.refresh_token)).status).toBe(200);
  });

  it('keeps its answer only as long as it can be given again', async () => {
    const { refresh_token } = await signIn();
    await refresh(refresh_token);
    const kept = async () => (await server.app.get(RefreshTokenStore).find(hashHandle(refresh_token)))?.rotation;
    expect(await kept()).toMatchObject({ response: expect.any(String) });
    server.clock.advance(11);
    await server.app.get(Housekeeping).sweep();
    expect(await kept()).toBeDefined();
    expect(await kept()).not.toMatchObject({ response: expect.any(String) });
  });

  it('narrowed and repeated gets its answer too', async () => {
    const { refresh_token } = await signIn();
    const first = await refresh(refresh_token, { scope: 'api1' });
    expect((await refresh(refresh_token, { scope: 'api1' })).text).toBe(first.text);
  });

  it('refuses a different request within the grace, and leaves the family alone', async () => {
    const { refresh_token } = await signIn();
    const first = await refresh(refresh_token);
    expectRefused(await refresh(refresh_token, { scope: 'openid' }));
    expect((await refresh(first.body.refresh_token)).status).toBe(200);
  });

  it('used again after the grace is a theft: the whole family ends (RFC 9700 §4.14.2)', async () => {
    const { refresh_token } = await signIn();
    const second = (await refresh(refresh_token)).body.refresh_token;
    const third = (await refresh(second)).body.refresh_token;
    const stranger = (await signIn()).refresh_token;
    server.clock.advance(10);
    expectRefused(await refresh(refresh_token));
    expectRefused(await refresh(second));
    expectRefused(await refresh(third));
    expect((await refresh(stranger)).status).toBe(200);
  });

  it('is not known to another client, whose try changes nothing', async () => {
    const { refresh_token } = await signIn();
    const byOther = await refresh(refresh_token, {}, 'other_client');
    expectRefused(byOther);
    expect(byOther.text).toBe((await refresh(createHandle())).text);
    expect((await refresh(refresh_token)).status).toBe(200);
    server.clock.advance(11);
    expectRefused(await refresh(refresh_token, {}, 'other_client'));
  });

  it('used up and shown by another client after the grace does not end the family', async () => {
    const { refresh_token } = await signIn();
    const second = (await refresh(refresh_token)).body.refresh_token;
    server.clock.advance(60);
    expectRefused(await refresh(refresh_token, {}, 'other_client'));
    expect((await refresh(second)).status).toBe(200);
  });

  it('may be narrowed, and the next one still has it all', async () => {
    const { refresh_token } = await signIn();
    const narrowed = await refresh(refresh_token, { scope: 'api1' });
    expect([narrowed.body.scope, narrowed.body.id_token, claimsOf(narrowed.body.access_token).scope]).toEqual([
      'api1',
      undefined,
      'api1',
    ]);
    expect((await refresh(narrowed.body.refresh_token)).body.scope).toBe(scope);
  });

  it('is never widened: invalid_scope, and the token is not used up', async () => {
    const { refresh_token } = await signIn('ropg_client', { scope: 'api1 offline_access' });
    expectRefused(await refresh(refresh_token, { scope: 'api1 api2' }), 'invalid_scope');
    expectRefused(await refresh(refresh_token, { scope: 'openid' }), 'invalid_scope');
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  it('of a request that named resources never reaches others (RFC 8707 §2.2)', async () => {
    const all = { scope: 'api1 api1.read api2 offline_access' };
    const narrow = await signIn('ropg_client', { ...all, resource: 'api1' });
    expect(narrow.scope).toBe('api1 api1.read offline_access');
    expectRefused(await refresh(narrow.refresh_token, { resource: 'api2' }), 'invalid_target');
    expect(claimsOf((await refresh(narrow.refresh_token)).body.access_token).aud).toBe('api1');
    const wide = await signIn('ropg_client', all);
    const { body } = await refresh(wide.refresh_token, { resource: 'api2' });
    expect(claimsOf(body.access_token)).toMatchObject({ aud: 'api2', scope: 'api2 offline_access' });
    expect(claimsOf((await refresh(body.refresh_token)).body.access_token).aud).toEqual(['api1', 'api2']);
  });

  it('narrowed to a resource says nothing that only other scopes open up, and a later one for them does', async () => {
    const first = await signIn('ropg_client', { scope: 'api1 api1.read api2 offline_access' });
    expect(claimsOf(first.access_token).role).toBe('admin');
    const other = (await refresh(first.refresh_token, { resource: 'api2' })).body;
    expect(claimsOf(other.access_token)).not.toHaveProperty('role');
    expect(claimsOf((await refresh(other.refresh_token, { resource: 'api1' })).body.access_token).role).toBe('admin');
    const narrow = await signIn('ropg_client', { scope: 'api1.read api2', resource: 'api2' });
    expect(claimsOf(narrow.access_token)).not.toHaveProperty('role');
  });

  it('is refused when it is no refresh token: an access token, an id_token, an unknown handle', async () => {
    const { access_token, id_token } = await signIn();
    for (const token of [access_token, id_token, createHandle(), 'x']) {
      const { status, body } = await refresh(token);
      expect(status).toBe(400);
      expect(['invalid_grant', 'invalid_request']).toContain(body.error);
    }
  });

  it('missing is invalid_request', async () => {
    expectRefused(await refresh(''), 'invalid_request');
  });

  it('twenty times at once: one rotation, and the same answer for all', async () => {
    const { refresh_token } = await signIn();
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refresh_token)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect((await refresh(answers[0]!.body.refresh_token)).status).toBe(200);
  });

  it('ends 30 days after the sign-in by default, however often it was used', async () => {
    let { refresh_token } = await signIn();
    for (let day = 0; day < 29; day++) {
      server.clock.advance(86_400);
      refresh_token = (await refresh(refresh_token)).body.refresh_token;
    }
    server.clock.advance(86_400 - 1);
    refresh_token = (await refresh(refresh_token)).body.refresh_token;
    server.clock.advance(1);
    expectRefused(await refresh(refresh_token));
  });
});

describe('A refresh token of a client with settings of its own', () => {
  const start = async (difference: Parameters<typeof client>[1]) => {
    await server?.close();
    server = await run({
      clients: [
        client('c', {
          allowedGrantTypes: ['password'],
          allowedScopes: ['api1', 'openid', 'api1.read'],
          allowOfflineAccess: true,
          ...difference,
        }),
      ],
    });
    return (await signIn('c')).refresh_token as string;
  };
  const use = (token: string) => refresh(token, {}, 'c');

  it('without grace is used exactly once: of twenty at once one succeeds, the rest are invalid_grant, and the family ends', async () => {
    const token = await start({ refreshTokenGrace: 0 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => use(token)));
    const [winner, ...more] = answers.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    for (const answer of answers) if (answer !== winner) expectRefused(answer);
    expectRefused(await use(winner!.body.refresh_token));
  });

  it('without grace keeps no answer', async () => {
    const token = await start({ refreshTokenGrace: 0 });
    await use(token);
    const kept = await server.app.get(RefreshTokenStore).find(hashHandle(token));
    expect(kept?.rotation).toMatchObject({ response: undefined });
  });

  it('slides: each use moves the end, up to the absolute one', async () => {
    let token = await start({
      refreshTokenExpiration: 'sliding',
      slidingRefreshTokenLifetime: 100,
      absoluteRefreshTokenLifetime: 250,
    });
    for (let i = 0; i < 3; i++) {
      server.clock.advance(80);
      token = (await use(token)).body.refresh_token;
    }
    server.clock.advance(9);
    token = (await use(token)).body.refresh_token;
    server.clock.advance(1);
    expectRefused(await use(token));
  });

  it('slides to its end when it is not used', async () => {
    const token = await start({ refreshTokenExpiration: 'sliding', slidingRefreshTokenLifetime: 100 });
    server.clock.advance(100);
    expectRefused(await use(token));
  });

  it('used up is known as stolen as long as its family lives, also when its own time is over', async () => {
    const token = await start({
      refreshTokenExpiration: 'sliding',
      slidingRefreshTokenLifetime: 100,
      absoluteRefreshTokenLifetime: 1000,
    });
    server.clock.advance(50);
    const successor = (await use(token)).body.refresh_token;
    server.clock.advance(60);
    await server.app.get(Housekeeping).sweep();
    expectRefused(await use(token));
    expectRefused(await use(successor));
  });

  it('has no absolute end with a lifetime of 0', async () => {
    const token = await start({ absoluteRefreshTokenLifetime: 0 });
    server.clock.advance(400 * 86_400);
    expect((await use(token)).status).toBe(200);
  });

  it('stays the same where it may be reused, and slides in place', async () => {
    const token = await start({
      refreshTokenUsage: 'reUse',
      refreshTokenExpiration: 'sliding',
      slidingRefreshTokenLifetime: 100,
    });
    for (let i = 0; i < 3; i++) {
      server.clock.advance(80);
      const { status, body } = await use(token);
      expect([status, body.refresh_token]).toEqual([200, token]);
    }
    server.clock.advance(100);
    expectRefused(await use(token));
  });

  it.each(['oneTimeOnly', 'reUse'] as const)(
    '%s and revoked while a refresh is under way gives nothing that lives on',
    async (usage) => {
      await server?.close();
      let release = (): void => undefined;
      let arrived = (): void => undefined;
      const isUnderWay = new Promise<void>((resolve) => (arrived = resolve));
      let holds = false;
      class SlowProfile extends ProfileService {
        async claims() {
          return {};
        }

        async isActive() {
          if (holds) await new Promise<void>((resolve) => ((release = resolve), arrived()));
          return true;
        }
      }
      server = await run({
        clients: [
          client('c', {
            allowedGrantTypes: ['password'],
            allowOfflineAccess: true,
            accessTokenType: 'reference',
            refreshTokenUsage: usage,
          }),
        ],
        providers: [{ provide: ProfileService, useClass: SlowProfile }],
      });
      const { refresh_token } = await signIn('c', { scope: 'api1 offline_access' });
      holds = true;
      const refreshing = use(refresh_token);
      await isUnderWay;
      holds = false;
      expect((await server.post('connect/revocation', { token: refresh_token }, { basic: 'c:secret' })).status).toBe(
        200,
      );
      release();
      expectRefused(await refreshing);
      expectRefused(await use(refresh_token));
    },
  );

  it('repeated while it is being answered gets the one answer there is: who loses the race is given what won', async () => {
    await server?.close();
    const held: (() => void)[] = [];
    let holds = false;
    class SlowProfile extends ProfileService {
      async claims() {
        return {};
      }

      async isActive() {
        if (holds) {
          await new Promise<void>((resolve) => {
            held.push(resolve);
            // Both have found the token unused.
            if (held.length >= 2) held.forEach((release) => release());
          });
        }
        return true;
      }
    }
    server = await run({
      clients: [client('c', { allowedGrantTypes: ['password'], allowOfflineAccess: true })],
      providers: [{ provide: ProfileService, useClass: SlowProfile }],
    });
    const { refresh_token } = await signIn('c', { scope: 'api1 offline_access' });
    holds = true;
    const answers = await Promise.all([use(refresh_token), use(refresh_token)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[0].text).toBe(answers[1].text);
  });

  it('takes its reference tokens with it when it is stolen, and loses none to a race', async () => {
    const token = await start({ accessTokenType: 'reference' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => use(token)));
    const { access_token, refresh_token } = answers[0]!.body;
    const isActive = async () =>
      (await server.post('connect/introspect', { token: access_token }, { basic: 'c:secret' })).body.active as boolean;
    expect(await isActive()).toBe(true);
    server.clock.advance(10);
    expectRefused(await use(token));
    expect(await isActive()).toBe(false);
    expectRefused(await use(refresh_token));
  });
});

describe('A refresh when things have changed since', () => {
  const asAlice = { name: 'Alice', role: 'admin' };
  class ChangingProfile extends ProfileService {
    active = true;
    role = 'admin';

    async claims() {
      return { ...asAlice, role: this.role };
    }

    async isActive() {
      return this.active;
    }
  }
  const start = async (difference: Parameters<typeof client>[1] = {}) => {
    await server?.close();
    const profile = new ChangingProfile();
    server = await run({
      clients: [
        ...seed.clients,
        client('c', {
          allowedGrantTypes: ['password'],
          allowedScopes: ['api1', 'api1.read', 'openid'],
          allowOfflineAccess: true,
          ...difference,
        }),
      ],
      providers: [{ provide: ProfileService, useValue: profile }],
    });
    return { profile, token: (await signIn('c')).refresh_token as string };
  };
  const role = async (token: string) => claimsOf((await refresh(token, {}, 'c')).body.access_token).role as string;

  it('is refused for a person who is out, and works when the person is back', async () => {
    const { profile, token } = await start();
    profile.active = false;
    expectRefused(await refresh(token, {}, 'c'));
    profile.active = true;
    expect((await refresh(token, {}, 'c')).status).toBe(200);
  });

  it('keeps the claims of the first access token, unless the client wants them anew', async () => {
    const kept = await start();
    kept.profile.role = 'guest';
    expect(await role(kept.token)).toBe('admin');
    const renewed = await start({ updateAccessTokenClaimsOnRefresh: true });
    renewed.profile.role = 'guest';
    expect(await role(renewed.token)).toBe('guest');
  });

  it("says again what a grant of one's own added to the access token", async () => {
    class TicketGrant implements Grant {
      readonly type = 'urn:example:ticket';
      readonly params = Object;
      async authorize(asking: Client): Promise<Authorization> {
        const authentication = { time: 1, methods: ['otp'] };
        return {
          client: asking,
          person: { subject: 'subject-of-alice', authentication },
          scopes: ['api1', 'offline_access'],
          claims: { came_from: 'portal' },
        };
      }
    }
    await server?.close();
    server = await run({
      grants: [TicketGrant],
      clients: [client('c', { allowedGrantTypes: ['urn:example:ticket'], allowOfflineAccess: true })],
    });
    const first = (await server.post('connect/token', { grant_type: 'urn:example:ticket' }, { basic: 'c:secret' }))
      .body;
    const second = (await refresh(first.refresh_token, {}, 'c')).body;
    for (const { access_token } of [first, second]) expect(claimsOf(access_token).came_from).toBe('portal');
  });

  it('gives no scope that the client has lost', async () => {
    const { token } = await start();
    const store = server.app.get(RefreshTokenStore);
    const kept = (await store.find(hashHandle(token)))!;
    const handle = createHandle();
    await store.add({ ...kept, handleHash: hashHandle(handle), scopes: [...kept.scopes, 'api2'] });
    expect((await refresh(handle, {}, 'c')).body.scope).toBe(scope);
    expectRefused(await refresh(token, { scope: 'api2' }, 'c'), 'invalid_scope');
  });
});
