import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { basic, bearer, FakeClock, type RunningServer, startServer } from '../running-server.js';

let clock: FakeClock;
let server: RunningServer;

beforeEach(async () => {
  clock = new FakeClock();
  server = await startServer({ clock });
});

afterEach(() => server.close());

const client = basic('ropg_client');

function signIn() {
  const person = { grant_type: 'password', username: 'alice', password: 'alice', scope: 'openid offline_access' };
  return server.form('connect/token', person, client);
}

function refresh(token: string) {
  return server.form('connect/token', { grant_type: 'refresh_token', refresh_token: token }, client);
}

test('an access token is good for an hour, and the refresh token beside it for longer', async () => {
  const { body } = await signIn();
  const userinfo = () => server.send('connect/userinfo', { headers: bearer(body.access_token as string) });
  clock.advance(3599);
  expect((await userinfo()).body).toEqual({ sub: '1' });
  clock.advance(1);
  const expired = await userinfo();
  expect(expired.status).toBe(401);
  expect(expired.headers.get('www-authenticate')).toContain('error="invalid_token"');
  expect((await refresh(body.refresh_token)).status).toBe(200);
});

test('a refresh token comes again within the grace to the same answer, and after it to the end of the whole family', async () => {
  const { body } = await signIn();
  const first = await refresh(body.refresh_token);
  clock.advance(9);
  expect((await refresh(body.refresh_token)).body).toEqual(first.body);

  clock.advance(1);
  const replayed = await refresh(body.refresh_token);
  expect([replayed.status, replayed.body.error]).toEqual([400, 'invalid_grant']);
  const successor = await refresh(first.body.refresh_token);
  expect([successor.status, successor.body.error]).toEqual([400, 'invalid_grant']);
});

test('a family of refresh tokens ends 30 days after the sign-in, however often it was used', async () => {
  let { body } = await signIn();
  for (let day = 1; day < 30; day++) {
    clock.advance(86_400);
    ({ body } = await refresh(body.refresh_token));
    expect(body.refresh_token).toEqual(expect.any(String));
  }
  clock.advance(86_400);
  expect((await refresh(body.refresh_token)).body.error).toBe('invalid_grant');
});
