import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { sts } from '../../apps/sts/src/cli/running-cli.fixture.js';
import { databases, type TestDatabase } from '../../libs/typeorm-store/src/testing/databases.fixture.js';
import { basic, type RunningServer } from '../running-server.js';
import { startSts } from '../running-sts.js';

const issuer = 'https://id.example.com';
const configuration = `
issuer: ${issuer}
signingAlgorithms: [ES256]
apiResources:
  - { name: api1, apiSecrets: [{ plain: secret }] }
clients:
  - clientId: simple_client
    allowedGrantTypes: [client_credentials]
    clientSecrets: [{ plain: secret }]
    allowedScopes: [api1]
`;

/** The keys of a running server are changed by the command line, from another process as it were. */
describe.each(databases)('sts keys, on %s,', (_name, open) => {
  const [first, second] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
  let folder: string;
  let database: TestDatabase;
  let server: RunningServer | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tessera-signing-keys-'));
    await writeFile(join(folder, 'sts.yaml'), configuration);
    database = await open();
    await start(first);
  }, 60_000);
  afterAll(async () => {
    await server?.close();
    await database.close();
    await rm(folder, { recursive: true });
  });

  const variables = (encryptionKeys: string) => ({
    STS_CONFIG: join(folder, 'sts.yaml'),
    // The same after a start on another port.
    STS_ISSUER: issuer,
    STS_DATABASE_URL: database.url,
    STS_ENCRYPTION_KEYS: encryptionKeys,
  });
  const run = (args: readonly string[], encryptionKeys = first) =>
    sts(['keys', ...args], { variables: variables(encryptionKeys) });
  async function start(encryptionKeys: string): Promise<void> {
    await server?.close();
    server = undefined;
    server = await startSts(variables(encryptionKeys));
  }

  const tokenOf = async () =>
    (await server!.form('connect/token', { grant_type: 'client_credentials' }, basic('simple_client'))).body
      .access_token as string;
  const kidOf = async () => decodeProtectedHeader(await tokenOf()).kid;
  const isAccepted = async (token: string) =>
    (await server!.form('connect/introspect', { token }, basic('api1'))).body.active as boolean;
  const keySet = async () => (await server!.send('.well-known/openid-configuration/jwks')).body;
  const published = async () => ((await keySet()).keys as { kid: string }[]).map(({ kid }) => kid);
  const states = async () => {
    const keys = (await run(['list', '--json'])).json() as { kid: string; state: string }[];
    return Object.fromEntries(keys.map(({ kid, state }) => [kid, state]));
  };

  it('list those of the running server', async () => {
    const kid = (await kidOf())!;
    expect(await states()).toEqual({ [kid]: 'signing' });
    expect((await run(['list'])).output).toMatch(new RegExp(`^ALGORITHM.*\nES256 +${kid} +signing .*\n$`));
  });

  it('rotate: the running server announces a new key within two seconds, and signs with the old one', async () => {
    const old = await kidOf();
    const [{ kid, before }] = (await run(['rotate', '--json'])).json();
    expect(before).toBe(old);
    await within2Seconds(async () => (await published()).includes(kid));
    expect(await kidOf()).toBe(old);
    expect((await states())[kid]).toBe('announced');
  });

  it('rotate --now: it signs with a new key within two seconds, and accepts what the old one signed', async () => {
    const token = await tokenOf();
    const [{ kid }] = (await run(['rotate', '--now', '--json'])).json();
    await within2Seconds(async () => (await kidOf()) === kid);
    expect(await isAccepted(token)).toBe(true);
  });

  it('revoke: within two seconds it refuses the tokens of the key, publishes it no more and signs with another', async () => {
    const token = await tokenOf();
    const { kid } = decodeProtectedHeader(token);
    const { exitCode, json } = await run(['revoke', kid!, '--yes', '--json']);
    expect(exitCode).toBe(0);
    await within2Seconds(async () => !(await isAccepted(token)));
    expect(await published()).not.toContain(kid);
    expect(await kidOf()).toBe(json().signsNow);
  });

  it('import --now: it signs with the key within two seconds, and others can verify that', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const file = join(folder, 'own.pem');
    await writeFile(file, privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const { kid } = (await run(['import', file, '--now', '--json'])).json();
    await within2Seconds(async () => (await kidOf()) === kid);
    const { x } = privateKey.export({ format: 'jwk' });
    const { keys } = await keySet();
    expect(keys.find((key: { kid: string }) => key.kid === kid)).toMatchObject({ x, alg: 'ES256' });
    await jwtVerify(await tokenOf(), createLocalJWKSet({ keys }), { issuer });
    expect((await run(['import', file])).errors).toMatch(/is here already/);
  });

  it('do nothing with a wrong encryption key, and say which is missing', async () => {
    const before = await rows();
    for (const args of [['list'], ['rotate', '--now'], ['reencrypt'], ['revoke', (await kidOf())!, '--yes']]) {
      const { exitCode, errors } = await run(args, second);
      expect([exitCode, errors]).toEqual([
        1,
        expect.stringMatching(
          /Signing key \S+ is encrypted with key \w{8}, which is not among .*nothing was changed\.\n$/,
        ),
      ]);
    }
    expect(await rows()).toEqual(before);
  });

  it('reencrypt: the encryption key changes in three steps, and no token is lost', async () => {
    const token = await tokenOf();
    const kid = await kidOf();
    await start(`${second},${first}`);
    expect([await isAccepted(token), await kidOf()]).toEqual([true, kid]);

    const count = (await rows()).length;
    const before = await rows();
    const dry = (await run(['reencrypt', '--dry-run', '--json'], `${second},${first}`)).json();
    expect([dry.columns[0], await rows()]).toEqual([
      { table: 'signing_keys', column: 'sealed', values: count, old: count },
      before,
    ]);
    const done = await run(['reencrypt'], `${second},${first}`);
    expect([done.exitCode, done.errors]).toEqual([
      0,
      expect.stringMatching(/^Everything is encrypted with the first key/),
    ]);
    expect(done.output).toMatch(new RegExp(`\nsigning_keys +sealed +${count} +${count} +0\n`));
    const again = (await run(['reencrypt', '--json'], `${second},${first}`)).json();
    expect(again.columns[0]).toMatchObject({ values: count, old: 0, reencrypted: 0 });
    // The running server reads what was encrypted anew, too.
    const [{ kid: next }] = (await run(['rotate', '--now', '--json'], `${second},${first}`)).json();
    await within2Seconds(async () => (await kidOf()) === next);

    await start(second);
    expect([await isAccepted(token), await kidOf()]).toEqual([true, next]);
    await server!.close();
    server = undefined;
    await expect(startSts(variables(first))).rejects.toThrow(/is encrypted with key \w{8}, which is not among/);
  });

  function rows(): Promise<readonly object[]> {
    return database.dataSource.query('SELECT * FROM signing_keys ORDER BY kid');
  }
});

async function within2Seconds(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 2000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('It did not happen within two seconds.');
    await delay(25);
  }
}
