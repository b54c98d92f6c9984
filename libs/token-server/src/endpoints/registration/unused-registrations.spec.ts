import { beforeEach, describe, expect, it } from '@jest/globals';
import { RegisteredClientStore, Secret, sha256 } from '@tessera/resource-model';
import { Housekeeping } from '../../housekeeping.js';
import { type Json, run, type RunningServer } from '../../running-server.spec.fixture.js';

const day = 86_400;

describe('A registration that nobody uses', () => {
  let server: RunningServer;
  beforeEach(async () => {
    server = await run({
      registration: {
        mode: 'open',
        maxClients: 3,
        policy: { grantTypes: ['client_credentials'], scopes: ['api1'] },
        initialAccessTokens: [{ name: 'partner', secret: new Secret(sha256('partner-token')) }],
      },
    });
  });

  const register = async (token?: string): Promise<Json> => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const body = JSON.stringify({ grant_types: ['client_credentials'] });
    const answer = await server.send('connect/register', { method: 'POST', body, headers });
    return { ...answer.body, status: answer.status };
  };
  const tokens = ({ client_id: id, client_secret: secret }: Json) =>
    server.post('connect/token', { grant_type: 'client_credentials' }, { basic: `${id}:${secret}` });
  const sweep = () => server.app.get(Housekeeping).sweep();
  const isThere = async ({ client_id: id }: Json) =>
    (await server.app.get(RegisteredClientStore).find(id as string)) !== undefined;

  it('ends after a day, and makes room for another: strangers cannot fill the server', async () => {
    const [first] = [await register(), await register(), await register()];
    expect((await register()).status).toBe(503);
    server.clock.advance(day + 1);
    await sweep();
    expect(await isThere(first)).toBe(false);
    expect((await register()).status).toBe(201);
  });

  it('has ended before it is swept away: for the client, and for its registration access token', async () => {
    const client = await register();
    server.clock.advance(day);
    expect((await tokens(client)).body.error).toBe('invalid_client');
    const { pathname } = new URL(client.registration_client_uri as string);
    const headers = { authorization: `Bearer ${client.registration_access_token as string}` };
    expect((await server.send(pathname.slice(1), { headers })).status).toBe(401);
  });

  it('is kept for good once somebody has got tokens through it, and not for having tried', async () => {
    const [used, tried] = [await register(), await register()];
    expect((await tokens(used)).status).toBe(200);
    expect((await tokens({ ...tried, client_secret: 'guess' })).status).toBe(401);
    const unknownGrant = { grant_type: 'password', username: 'alice', password: 'ecila' };
    const basic = `${tried.client_id}:${tried.client_secret}`;
    expect((await server.post('connect/token', unknownGrant, { basic })).status).toBe(400);
    server.clock.advance(day + 1);
    await sweep();
    expect([await isThere(used), await isThere(tried)]).toEqual([true, false]);
    expect((await tokens(used)).status).toBe(200);
  });

  it('is kept where it was made with an initial access token', async () => {
    const client = await register('partner-token');
    expect(client.status).toBe(201);
    server.clock.advance(100 * day);
    await sweep();
    expect(await isThere(client)).toBe(true);
  });

  it('does not let more in than there may be, however many come at once', async () => {
    const statuses = (await Promise.all(Array.from({ length: 10 }, () => register()))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(3);
    expect(statuses.filter((status) => status === 503)).toHaveLength(7);
  });
});
