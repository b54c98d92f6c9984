import { beforeEach, describe, expect, it } from '@jest/globals';
import { Client, InMemoryRegisteredClientStore, RegisteredClientStore } from '@tessera/resource-model';
import type { TokenServerOptions } from '../../index.js';
import { type Answer, type Json, run, type RunningServer } from '../../running-server.spec.fixture.js';

type Registration = NonNullable<TokenServerOptions['registration']>;

const grant_types = ['client_credentials'];
const generous = {
  grantTypes: ['client_credentials', 'authorization_code', 'refresh_token'],
  scopes: ['api1', 'api2', 'openid'],
};
const warnings: string[] = [];
const logger = { log() {}, error() {}, warn: (text: unknown) => void warnings.push(String(text)) };

describe('A registered client, after the policy was changed', () => {
  let store: InMemoryRegisteredClientStore;
  beforeEach(() => {
    store = new InMemoryRegisteredClientStore();
    warnings.length = 0;
  });

  /** The same clients at a server with another policy: as after a restart with another file. */
  const serverWith = (policy: Registration['policy'], options: Partial<TokenServerOptions> = {}) =>
    run(
      {
        clients: [],
        ...options,
        registration: { mode: 'open', policy },
        providers: [{ provide: RegisteredClientStore, useValue: store }],
      },
      { logger },
    );
  const register = async (metadata: object): Promise<Json> => {
    const server = await serverWith(generous);
    const headers = { 'content-type': 'application/json' };
    const { body } = await server.send('connect/register', { method: 'POST', body: JSON.stringify(metadata), headers });
    await server.close();
    return body;
  };
  const tokens = (
    server: RunningServer,
    { client_id: id, client_secret: secret }: Json,
    scope?: string,
  ): Promise<Answer> =>
    server.post(
      'connect/token',
      { grant_type: 'client_credentials', ...(scope && { scope }) },
      { basic: `${id}:${secret}` },
    );
  const told = () => warnings.filter((text) => text.includes('held to the policy in force'));

  it('goes on as before where it still may be all that it registered, and nothing is said', async () => {
    const client = await register({ grant_types, scope: 'api1 api2' });
    expect((await tokens(await serverWith(generous), client)).body.scope).toBe('api1 api2');
    expect(told()).toEqual([]);
  });

  it('has no scope any more that the policy does not list, and the log says so once', async () => {
    const client = await register({ grant_types, scope: 'api1 api2' });
    const server = await serverWith({ ...generous, scopes: ['api1', 'openid'] });
    expect((await tokens(server, client)).body.scope).toBe('api1');
    expect((await tokens(server, client, 'api2')).body.error).toBe('invalid_scope');
    expect(told()).toEqual([
      `The registered client '${client.client_id}' is held to the policy in force, which takes from it scope api2.`,
    ]);
  });

  it('is refused a grant that the policy does not list any more: unauthorized_client', async () => {
    const client = await register({ grant_types, scope: 'api1' });
    const { status, body } = await tokens(
      await serverWith({ ...generous, grantTypes: ['authorization_code'] }),
      client,
    );
    expect([status, body.error]).toEqual([400, 'unauthorized_client']);
    expect(told()[0]).toContain('grant type client_credentials');
  });

  it('is unknown where its way to authenticate is not open any more: invalid_client', async () => {
    const client = await register({ grant_types, scope: 'api1' });
    const { status, body } = await tokens(
      await serverWith({ ...generous, tokenEndpointAuthMethods: ['private_key_jwt'] }),
      client,
    );
    expect([status, body.error]).toEqual([401, 'invalid_client']);
    expect(told()[0]).toContain('everything: it authenticates by client_secret_basic');
  });

  it.each([
    ['the policy', { ...generous, profile: 'fapi2-security' as const }, {}],
    ['the server', generous, { profile: 'fapi2-security' as const }],
  ])('is unknown where it breaks a profile that %s has now', async (_what, policy, options) => {
    const client = await register({ grant_types, scope: 'api1' });
    expect((await tokens(await serverWith(policy, options), client)).body.error).toBe('invalid_client');
    expect(told()[0]).toMatch(/everything: it breaks profile 'fapi2-security': .*FAPI 2\.0/);
  });

  it('is compared again with the profile that it registered under: rules are added, and algorithms of the server change', async () => {
    const client = await register({ grant_types, scope: 'api1' });
    const { clientId } = (await store.page('', 1))[0]!.client;
    const registered = (await store.find(clientId))!;
    await store.remove(clientId);
    await store.add({ ...registered, client: new Client({ ...registered.client, profile: 'fapi2-security' }) }, 1);
    const server = await serverWith({ ...generous, profile: 'fapi2-security' });
    expect((await tokens(server, client)).body.error).toBe('invalid_client');
  });

  it('goes on under the policy of its initial access token alone, and under that of the others once the token is gone', async () => {
    const client = await register({ grant_types, scope: 'api1 api2' });
    const { clientId } = (await store.page('', 1))[0]!.client;
    const registered = (await store.find(clientId))!;
    await store.remove(clientId);
    await store.add({ ...registered, initialAccessToken: 'gone' }, 1);
    expect((await tokens(await serverWith({ ...generous, scopes: ['api2'] }), client)).body.scope).toBe('api2');
  });

  it('may register anew what it may be now, also where it is unknown otherwise (RFC 7592 §2.2)', async () => {
    const client = await register({ grant_types, scope: 'api1' });
    const server = await serverWith({ ...generous, tokenEndpointAuthMethods: ['client_secret_post'] });
    expect((await tokens(server, client)).status).toBe(401);
    const { pathname } = new URL(client.registration_client_uri as string);
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${client.registration_access_token as string}`,
    };
    const metadata = {
      client_id: client.client_id as string,
      grant_types,
      scope: 'api1',
      token_endpoint_auth_method: 'client_secret_post',
    };
    const put = { method: 'PUT', headers, body: JSON.stringify(metadata) };
    expect((await server.send(pathname.slice(1), put)).status).toBe(200);
    const form = {
      grant_type: 'client_credentials',
      client_id: client.client_id as string,
      client_secret: client.client_secret as string,
    };
    expect((await server.post('connect/token', form)).status).toBe(200);
  });

  it.each([
    ['a redirect URI', { redirectHosts: ['other.example.com'] }, 'redirect URI https://app.example.com/cb'],
    ['refresh tokens', { grantTypes: ['authorization_code'] }, 'refresh tokens'],
  ])('loses %s that the policy does not allow any more', async (_what, difference, loss) => {
    const client = await register({
      redirect_uris: ['https://app.example.com/cb'],
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'openid',
    });
    const server = await serverWith({ ...generous, ...difference });
    await server.send(`connect/authorize?client_id=${client.client_id as string}`);
    expect(told()[0]).toContain(loss);
  });
});
