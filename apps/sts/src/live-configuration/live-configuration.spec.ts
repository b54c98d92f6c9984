import { setTimeout as delay } from 'node:timers/promises';
import { renameSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ConfigurationEditor } from '@tessera/typeorm-store';
import { Client } from '@tessera/resource-model';
import { basic, runSts, type RunningSts, secrets, smallConfiguration } from '../running-sts.fixture.js';
import { temporaryFile, temporaryFolder } from '../temporary-folder.fixture.js';

const disabled = smallConfiguration.replace('clientId: machine', 'clientId: machine\n    enabled: false');

/** A server whose file can be changed. */
async function liveSts(variables: Readonly<Record<string, string>> = {}) {
  const [file, data] = [temporaryFile(smallConfiguration), temporaryFolder()];
  const database = { STS_CONFIG: file, STS_DATA: data, STS_DATABASE_URL: `sqlite:${data}/sts.sqlite` };
  const start = (more = {}) => runSts({ ...database, ...variables, ...more });
  return { sts: await start(), start, file };
}

async function status({ url }: RunningSts, clientId = 'machine'): Promise<number> {
  const headers = { authorization: basic(clientId, secrets.client) };
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  return (await fetch(`${url}/connect/token`, { method: 'POST', headers, body })).status;
}

/** Far longer than it takes: what has not come by then does not come. */
async function until(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let left = 200; left > 0; left--) {
    if (await holds()) return true;
    await delay(100);
  }
  return false;
}

describe('While the server runs', () => {
  it('a client that the file disables is out, on every server, and in again when the file says so', async () => {
    const { sts, start, file } = await liveSts();
    const other = await start();
    expect([await status(sts), await status(other)]).toEqual([200, 200]);
    // As editors and mounted files do it: another file takes its place.
    writeFileSync(`${file}.new`, disabled);
    renameSync(`${file}.new`, file);
    expect(await until(async () => (await status(sts)) === 401 && (await status(other)) === 401)).toBe(true);
    expect(`${sts.logText()}${other.logText()}`).toContain('~ client \\"machine\\": enabled changed');
    writeFileSync(file, smallConfiguration);
    expect(await until(async () => (await status(sts)) === 200 && (await status(other)) === 200)).toBe(true);
  });

  it('a file with faults changes nothing, and the log says what they are', async () => {
    const { sts, file } = await liveSts();
    writeFileSync(file, disabled.replace('allowedGrantTypes: [client_credentials]', 'allowedGrantTypes: [magic]'));
    expect(await until(() => sts.logText().includes('has not been applied'))).toBe(true);
    expect(sts.logText()).toContain('magic');
    expect(await status(sts)).toBe(200);
    writeFileSync(file, smallConfiguration);
    expect(await until(() => sts.logText().includes('in order again, and has been applied'))).toBe(true);
  });

  it('a file that is only half written, and good as far as it goes, removes nobody though it prunes', async () => {
    const { sts, file } = await liveSts({ STS_CONFIG_PRUNE: 'true' });
    writeFileSync(file, smallConfiguration.slice(0, smallConfiguration.indexOf('users:')));
    await delay(1500);
    writeFileSync(file, disabled);
    expect(await until(() => sts.logText().includes('~ client \\"machine\\": enabled changed'))).toBe(true);
    expect(sts.logText()).not.toContain('- user');
  });

  it('what the server reads at its start alone is named when it changes', async () => {
    const { sts, file } = await liveSts();
    writeFileSync(file, `${smallConfiguration}\nsessions: { idleTimeout: 600 }\n`);
    expect(await until(() => sts.logText().includes('sessions of the configuration file changed'))).toBe(true);
  });
});

describe('When the server starts', () => {
  it('what is written to the file between its reading and the first look at it is applied, too', async () => {
    const [file, data] = [temporaryFile(smallConfiguration), temporaryFolder()];
    const variables = { STS_CONFIG: file, STS_DATABASE_URL: `sqlite:${data}/sts.sqlite` };
    const sts = await runSts(variables, smallConfiguration, () => writeFileSync(file, disabled));
    expect(await until(async () => (await status(sts)) === 401)).toBe(true);
  });

  it('a plain password of the file is found to be the same, though its hash has another salt', async () => {
    const { sts, start } = await liveSts();
    expect(sts.logText()).toContain('+ user \\"1\\"');
    const { log } = await start();
    expect(log.filter(({ context }) => context === 'Configuration')).toEqual([]);
  });

  it('what somebody else has made under the same name stops it, and is left alone', async () => {
    const { sts, start, file } = await liveSts();
    const made = new Client({ clientId: 'console', allowedGrantTypes: ['client_credentials'] });
    await sts.app.get(ConfigurationEditor, { strict: false }).clients.add(made);
    writeFileSync(file, smallConfiguration.replace('clientId: app', 'clientId: console'));
    expect(await until(() => sts.logText().includes('has not been applied'))).toBe(true);
    await expect(start()).rejects.toThrow('client "console": there is one already that the file did not make');
  });

  it.each([
    ['start', 200, 200],
    ['never', 401, 401],
  ])('STS_CONFIG_APPLY=%s applies the file then or not at all', async (apply, before, after) => {
    const { sts, file } = await liveSts({ STS_CONFIG_APPLY: apply });
    expect(await status(sts)).toBe(before);
    writeFileSync(file, disabled);
    await delay(1500);
    expect(await status(sts)).toBe(after);
  });

  it('what the file declares no more stays with a word about it, and goes with STS_CONFIG_PRUNE', async () => {
    const { file, start } = await liveSts({ STS_CONFIG_APPLY: 'start' });
    writeFileSync(file, smallConfiguration.replace('clientId: machine', 'clientId: other'));
    const kept = await start();
    expect(kept.logText()).toContain('? client \\"machine\\": not in the file any more');
    expect([await status(kept), await status(kept, 'other')]).toEqual([200, 200]);
    const pruned = await start({ STS_CONFIG_PRUNE: 'true' });
    expect(pruned.logText()).toContain('- client \\"machine\\"');
    expect([await status(pruned), await status(pruned, 'other')]).toEqual([401, 200]);
  });
});
