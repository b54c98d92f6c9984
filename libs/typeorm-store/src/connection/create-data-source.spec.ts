import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createDataSource } from './create-data-source.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'tessera-sqlite-'))));
afterAll(() => rm(folder, { recursive: true }));

it('A database on SQLite is for its owner alone, in whatever folder it is: it holds hashes of passwords', async () => {
  const location = { kind: 'sqlite', path: join(folder, 'sts.sqlite'), synchronous: 'normal' } as const;
  const dataSource = await createDataSource(location, { poolSize: 1 }).initialize();
  await dataSource.runMigrations();
  const files = await readdir(folder);
  expect(files).toContain('sts.sqlite-wal');
  for (const file of files) expect((await stat(join(folder, file))).mode & 0o077).toBe(0);
  await dataSource.destroy();
});
