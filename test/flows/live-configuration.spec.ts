import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DynamicModule } from '@nestjs/common';
import { ApiScope, Client, type Configuration, User } from '@tessera/token-server';
import { ConfigurationPlanner, TypeOrmStores } from '@tessera/typeorm-store';
import { basic, bearer, type RunningServer, seed, startServer } from '../running-server.js';

const declared: Configuration = {
  ...seed,
  apiScopes: [],
  authorizationDetailTypes: [],
  clients: seed.clients.map((one) => new Client(one)),
};
const discovery = '.well-known/openid-configuration';
const encryptionKey = randomBytes(32).toString('base64');
const newOrigin = 'https://new.example.com';
const userinfo = (server: RunningServer, token: string) => server.send('connect/userinfo', { headers: bearer(token) });

describe('A change of the configuration, made through one of two servers,', () => {
  let folder: string;
  let [here, there]: RunningServer[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tessera-live-'));
    const url = `sqlite:${join(folder, 'sts.sqlite')}?synchronous=normal`;
    // One after the other opens the new file; both apply what is declared.
    here = await startServer({ options: { stores: keptIn(url) } });
    there = await startServer({ options: { stores: keptIn(url) } });
  });
  afterAll(async () => {
    await Promise.all([here?.close(), there?.close()]);
    await rm(folder, { recursive: true });
  });

  const apply = (difference: Partial<Configuration>) =>
    here!.app.get(ConfigurationPlanner).apply({ ...declared, ...difference });
  const clients = (clientId: string, difference: Partial<Client>) =>
    declared.clients.map((one) => (one.clientId === clientId ? new Client({ ...one, ...difference }) : one));
  const tokenOfJob = () => there!.form('connect/token', { grant_type: 'client_credentials' }, basic('simple_client'));
  const signIn = () =>
    there!.form(
      'connect/token',
      { grant_type: 'password', username: 'alice', password: 'alice', scope: 'openid offline_access' },
      basic('ropg_client'),
    );
  const refresh = (token: string) =>
    there!.form('connect/token', { grant_type: 'refresh_token', refresh_token: token }, basic('ropg_client'));
  const isActive = async (token: string) =>
    (await there!.form('connect/introspect', { token }, basic('api1'))).body.active as boolean;
  const corsOf = async (path: string) =>
    (await there!.send(path, { method: 'OPTIONS', headers: { origin: newOrigin } })).headers.get(
      'access-control-allow-origin',
    );

  it('that disables a client makes the other refuse it and its tokens within two seconds', async () => {
    const issued = await tokenOfJob();
    expect([issued.status, await isActive(issued.body.access_token)]).toEqual([200, true]);
    await apply({ clients: clients('simple_client', { enabled: false }) });
    await within2Seconds(async () => (await tokenOfJob()).status === 401);
    expect((await tokenOfJob()).body.error).toBe('invalid_client');
    expect(await isActive(issued.body.access_token)).toBe(false);
    await apply({});
    await within2Seconds(async () => (await tokenOfJob()).status === 200);
  });

  it('that disables a person ends userinfo, introspection, refresh and sign-in at the other', async () => {
    const { body } = await signIn();
    expect((await userinfo(there!, body.access_token)).status).toBe(200);
    await apply({
      users: declared.users.map((user) => (user.username === 'alice' ? new User({ ...user, enabled: false }) : user)),
    });
    await within2Seconds(async () => (await userinfo(there!, body.access_token)).status === 401);
    expect(await isActive(body.access_token)).toBe(false);
    expect((await refresh(body.refresh_token)).body.error).toBe('invalid_grant');
    expect((await signIn()).body.error).toBe('invalid_grant');
  });

  it('that adds a client and a scope is in the other’s discovery document, under another ETag, and lets its web pages in', async () => {
    const before = await there!.send(discovery);
    expect([before.body.scopes_supported, await corsOf('connect/token')]).toEqual([
      ['openid', 'profile', 'api1', 'offline_access'],
      null,
    ]);
    const added = new Client({
      clientId: 'new',
      allowedGrantTypes: ['client_credentials'],
      requireClientSecret: false,
      allowedScopes: ['new.scope'],
      allowedCorsOrigins: [newOrigin],
    });
    await apply({ clients: [...declared.clients, added], apiScopes: [new ApiScope('new.scope')] });
    await within2Seconds(async () => (await corsOf('connect/token')) === newOrigin);
    const after = await there!.send(discovery, { headers: { 'if-none-match': before.headers.get('etag')! } });
    expect([after.status, after.body.scopes_supported]).toEqual([200, expect.arrayContaining(['new.scope'])]);
    expect(after.body.token_endpoint_auth_methods_supported).toContain('none');
    const etag = after.headers.get('etag')!;
    expect((await there!.send(discovery, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });
});

/** The stores in a database, the configuration among them. */
function keptIn(url: string): DynamicModule {
  return TypeOrmStores.forRoot({ url, encryptionKeys: [encryptionKey], configuration: { declared } });
}

async function within2Seconds(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 2000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('It did not happen within two seconds.');
    await delay(25);
  }
}
