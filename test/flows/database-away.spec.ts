import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runMain, type RunningProcess } from '../../apps/sts/src/running-process.fixture.js';
import {
  type OwnPostgres,
  openDatabase,
  startPostgres,
} from '../../libs/typeorm-store/src/testing/databases.fixture.js';

const configuration = `
issuer: https://id.example.com
signingAlgorithms: [ES256]
apiResources:
  - { name: api1, apiSecrets: [{ plain: secret }] }
clients:
  - clientId: machine
    allowedGrantTypes: [client_credentials]
    clientSecrets: [{ plain: secret }]
    allowedScopes: [api1]
    accessTokenType: reference
`;

describe('A server whose PostgreSQL', () => {
  let postgres: OwnPostgres;
  let data: string;
  let server: RunningProcess;
  let url: string;
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'tessera-away-'));
    await writeFile(join(data, 'sts.yaml'), configuration);
    postgres = await startPostgres();
    await postgres.halt('fast');
    server = runMain({
      STS_CONFIG: join(data, 'sts.yaml'),
      STS_DATA: data,
      STS_DATABASE_URL: postgres.url,
      STS_TLS: 'off',
      STS_HOST: '127.0.0.1',
      STS_PORT: '0',
    });
  }, 60_000);
  afterAll(async () => {
    server.process.kill();
    await server.exitCode;
    await postgres.stop();
    await rm(data, { recursive: true });
  });

  const lines = () =>
    server
      .output()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const readiness = async () => (await fetch(`${url}/health/ready`)).status;
  const token = async () => {
    const form = { grant_type: 'client_credentials', client_id: 'machine', client_secret: 'secret' };
    const response = await fetch(`${url}/connect/token`, { method: 'POST', body: new URLSearchParams(form) });
    return [response.status, response.headers.get('retry-after')];
  };

  it('starts later waits for it, says so, and is ready then', async () => {
    while (!server.output().includes('The database does not answer yet')) await delay(20);
    await postgres.start();
    url = String((await server.line('ready')).url);
    expect(lines()).toContainEqual(expect.objectContaining({ level: 'warn', context: 'Database' }));
    expect([await readiness(), await token()]).toEqual([200, [200, null]]);
  }, 60_000);

  it('hangs is not ready after two seconds, answers 503 to whoever needs it after ten, and serves when it goes on', async () => {
    const { dataSource } = await openDatabase(postgres.url);
    const holder = dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('LOCK TABLE signing_keys, reference_tokens IN ACCESS EXCLUSIVE MODE');
    const refused = token();
    const start = Date.now();
    expect(await Promise.all([readiness(), readiness(), readiness()])).toEqual([503, 503, 503]);
    expect(Date.now() - start).toBeLessThan(4000);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect(await refused).toEqual([503, '1']);
    await holder.rollbackTransaction();
    expect([await readiness(), await token()]).toEqual([200, [200, null]]);
    await dataSource.destroy();
  });

  it('can only be read, as when another one has taken its place, is not ready, and answers 503', async () => {
    const { dataSource } = await openDatabase(postgres.url);
    const become = async (readOnly: 'on' | 'off') => {
      await dataSource.query(`ALTER SYSTEM SET default_transaction_read_only = ${readOnly}`);
      await dataSource.query('SELECT pg_reload_conf()');
      await delay(200);
    };
    await become('on');
    expect([await token(), await readiness()]).toEqual([[503, '1'], 503]);
    await become('off');
    expect([await readiness(), await token()]).toEqual([200, [200, null]]);
    await dataSource.destroy();
  });

  it('is away says so in one warning for each request, and once for work in the background', async () => {
    await postgres.halt('fast');
    const since = lines().length;
    expect([await readiness(), await token(), await token()]).toEqual([503, [503, '1'], [503, '1']]);
    await delay(3000);
    const said = lines().slice(since);
    expect(said.filter(({ msg }) => msg === 'request')).toHaveLength(3);
    expect(said.map(({ level }) => level)).toEqual(said.map(() => 'warn'));
    expect(JSON.stringify(said)).not.toContain('"stack"');
    const inBackground = said.map(({ msg }) => msg).filter((msg) => msg !== 'request');
    expect(inBackground).toHaveLength(new Set(inBackground).size);
    expect(inBackground).not.toEqual([]);
    await postgres.start();
    while ((await readiness()) !== 200) await delay(50);
    expect(await token()).toEqual([200, null]);
  });
});
