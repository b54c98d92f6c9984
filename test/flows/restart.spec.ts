import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startPostgres } from '../../libs/typeorm-store/src/testing/databases.fixture.js';
import type { RunningServer } from '../running-server.js';
import { basic, bearer } from '../requests.js';
import { startSts } from '../running-sts.js';

/** The same issuer before and after, as a deployment has it: not where the server happens to listen. */
const issuer = 'https://id.example.com';

describe.each(['SQLite', 'PostgreSQL'])('What was issued outlives the server on %s', (kind) => {
  let folder: string;
  let variables: Record<string, string>;
  let stopDatabase: () => Promise<void> = async () => undefined;
  let server: RunningServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tessera-restart-'));
    const encryption = { STS_ENCRYPTION_KEYS: randomBytes(32).toString('base64') };
    variables = {
      STS_DATA: folder,
      STS_ISSUER: issuer,
      STS_DATABASE_URL: `sqlite:${folder}/sts.sqlite`,
      ...encryption,
    };
    if (kind === 'PostgreSQL') {
      const postgres = await startPostgres();
      stopDatabase = postgres.stop;
      variables.STS_DATABASE_URL = postgres.url;
    }
    server = await startSts(variables);
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await stopDatabase();
    await rm(folder, { recursive: true, force: true });
  });

  const restart = async (difference: Record<string, string> = {}) => {
    await server.close();
    server = await startSts({ ...variables, ...difference });
  };
  const signIn = (scope: string) =>
    server.form(
      'connect/token',
      { grant_type: 'password', username: 'alice', password: 'alice', scope },
      basic('ropg_client'),
    );
  const refresh = (token: string, more: Record<string, string> = {}) =>
    server.form('connect/token', { grant_type: 'refresh_token', refresh_token: token, ...more }, basic('ropg_client'));

  test('the keys are the same, and so are the tokens they signed', async () => {
    const keys = (await server.send('.well-known/openid-configuration/jwks')).body;
    const { access_token: token } = (await signIn('openid profile')).body;
    await restart();
    expect((await server.send('.well-known/openid-configuration/jwks')).body).toEqual(keys);
    expect((await server.send('connect/userinfo', { headers: bearer(token as string) })).body).toMatchObject({
      sub: '1',
    });
  });

  test('a refresh token goes on, and a used one is still used', async () => {
    const first = (await signIn('openid offline_access')).body.refresh_token as string;
    await restart();
    const second = (await refresh(first)).body.refresh_token as string;
    const third = (await refresh(second)).body.refresh_token as string;
    await restart();
    // Within the grace the very same answer, also from another process.
    expect((await refresh(second)).body.refresh_token).toBe(third);
    // Another request with a used token is no repetition.
    expect((await refresh(first, { scope: 'openid' })).body.error).toBe('invalid_grant');
    expect((await refresh(third)).body.refresh_token).toEqual(expect.any(String));
  });

  test('what was revoked stays revoked', async () => {
    const { access_token: token } = (await signIn('openid profile')).body as { access_token: string };
    await server.form('connect/revocation', { token }, basic('ropg_client'));
    await restart();
    expect((await server.send('connect/userinfo', { headers: bearer(token) })).status).toBe(401);
  });

  test('the private keys cannot be read without the encryption key, and a server with another does not start', async () => {
    const other = { STS_ENCRYPTION_KEYS: randomBytes(32).toString('base64') };
    await expect(startSts({ ...variables, ...other })).rejects.toThrow(
      /is encrypted with key \w{8}, which is not among/,
    );
    const both = `${other.STS_ENCRYPTION_KEYS},${variables.STS_ENCRYPTION_KEYS}`;
    await restart({ STS_ENCRYPTION_KEYS: both });
    expect((await signIn('openid')).status).toBe(200);
    await restart();
  });

  test('nothing else lies in the data folder', async () => {
    const files = (await readdir(folder)).filter((name) => !name.startsWith('sts.sqlite'));
    expect(files).toEqual([]);
  });
});
