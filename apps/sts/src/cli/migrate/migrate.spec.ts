import { describe, expect, it } from '@jest/globals';
import { runSts } from '../../running-sts.fixture.js';
import { temporaryFolder } from '../../temporary-folder.fixture.js';
import { sts } from '../running-cli.fixture.js';

describe('sts migrate', () => {
  it('says what is missing, applies it once, and lets a server start that may not do so itself', async () => {
    const data = temporaryFolder();
    const variables = { STS_DATA: data, STS_DATABASE_URL: `sqlite:${data}/sts.sqlite`, STS_MIGRATE: 'never' };
    const missing = await sts(['migrate', 'status', '--json'], { variables });
    expect(missing.exitCode).toBe(1);
    const changes = missing.json() as { name: string; isApplied: boolean }[];
    expect(changes.length).toBeGreaterThan(3);
    expect(changes.every(({ isApplied }) => !isApplied)).toBe(true);
    await expect(runSts(variables)).rejects.toThrow('run `sts migrate up`');

    const { output } = await sts(['migrate', 'up'], { variables });
    expect(output.trim().split('\n')).toEqual(changes.map(({ name }) => `applied ${name}`));
    expect(await sts(['migrate', 'up'], { variables })).toMatchObject({ output: 'The schema is up to date.\n' });
    const status = await sts(['migrate', 'status'], { variables });
    expect([status.exitCode, status.output.includes('missing')]).toEqual([0, false]);
    expect((await runSts(variables)).url).toContain('127.0.0.1');
  });

  it.each([
    ['memory:', 2, /^STS_DATABASE_URL is memory:/],
    ['mysql://db/sts', 2, /^STS_DATABASE_URL cannot be used: The database URL must be/],
    ['postgres://sts:hunter2@127.0.0.1:1/sts', 1, /^The database cannot be used: .*ECONNREFUSED/],
  ])(
    'says what is wrong with %s, and shows no password',
    async (url, code, words) => {
      const { exitCode, errors } = await sts(['migrate', 'up'], { variables: { STS_DATABASE_URL: url } });
      expect([exitCode, errors]).toEqual([code, expect.stringMatching(words)]);
      expect(errors).not.toContain('hunter2');
    },
    20_000,
  );
});
