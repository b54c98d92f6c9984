import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { writeFileSync } from 'node:fs';
import { smallConfiguration } from '../../running-sts.fixture.js';
import { temporaryFile, temporaryFolder } from '../../temporary-folder.fixture.js';
import { sts } from '../running-cli.fixture.js';

const withoutApp = smallConfiguration.replace(/ {2}- clientId: app[^]*?(?=users:)/, '');
const disabled = smallConfiguration.replace('clientId: machine', 'clientId: machine\n    enabled: false');

/** A database of its own with its schema, and a file. */
async function place() {
  const [data, config] = [temporaryFolder(), temporaryFile(smallConfiguration)];
  const variables = {
    STS_CONFIG: config,
    STS_DATA: data,
    STS_DATABASE_URL: `sqlite:${data}/sts.sqlite?synchronous=normal`,
    STS_ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64'),
  };
  const run = (...args: string[]) => sts(args, { variables });
  await run('migrate', 'up');
  return { variables, config, run };
}

describe('sts config diff and apply', () => {
  let here: Awaited<ReturnType<typeof place>>;
  beforeAll(async () => void (here = await place()));
  beforeEach(async () => {
    writeFileSync(here.config, smallConfiguration);
    await here.run('config', 'apply', '--prune');
  });
  const says = (text: string) => writeFileSync(here.config, text);

  it('a new database gets all that the file declares, and the second time there is nothing to do', async () => {
    const { run } = await place();
    const made = ['identity resource "openid"', 'identity resource "profile"', 'api resource "api1"'];
    const output = [...made, 'client "machine"', 'client "app"', 'user "1"'].map((one) => `+ ${one}\n`).join('');
    expect(await run('config', 'diff')).toMatchObject({ exitCode: 4, output });
    expect(await run('config', 'apply', '--dry-run')).toMatchObject({ exitCode: 0, output });
    expect(await run('client', 'list')).toMatchObject({ output: '', errors: 'There are no clients.\n' });
    expect(await run('config', 'apply')).toMatchObject({ exitCode: 0, output });
    expect(await run('config', 'apply')).toMatchObject({ exitCode: 0, output: 'Nothing to do.\n' });
    expect(await run('config', 'diff')).toMatchObject({ exitCode: 0, output: 'Nothing to do.\n' });
  });

  it('programs hear the names of what differs, and no value', async () => {
    says(disabled);
    const { exitCode, json } = await here.run('config', 'diff', '--json');
    expect(exitCode).toBe(4);
    const changes = [{ action: 'update', kind: 'client', key: 'machine', properties: ['enabled'] }];
    expect(json()).toEqual({ changes, conflicts: [], leftOver: [], unchanged: 5 });
    const applied = await here.run('config', 'apply', '--json');
    expect([applied.exitCode, applied.json()]).toEqual([
      0,
      { applied: true, changes, conflicts: [], leftOver: [], unchanged: 5 },
    ]);
  });

  it('what is no more declared stays with a word about it, and is removed when asked', async () => {
    says(withoutApp);
    const leftOver = '? client "app": not in the file any more; it stays until it is pruned\n';
    expect(await here.run('config', 'diff')).toMatchObject({ exitCode: 0, output: `${leftOver}Nothing to do.\n` });
    expect(await here.run('config', 'apply')).toMatchObject({ exitCode: 0, output: `${leftOver}Nothing to do.\n` });
    expect(await here.run('config', 'diff', '--prune')).toMatchObject({ exitCode: 4, output: '- client "app"\n' });
    expect(await here.run('config', 'apply', '--prune')).toMatchObject({ exitCode: 0, output: '- client "app"\n' });
  });

  it('what somebody else made is in the way: nothing is changed, and both end with 1', async () => {
    await here.run('client', 'create', 'mine', '--grant', 'client_credentials', '--scope', 'api1');
    says(disabled.replace('clientId: app', 'clientId: mine'));
    const problem = 'client "mine": there is one already that the file did not make';
    const diff = await here.run('config', 'diff');
    expect([diff.exitCode, diff.output]).toEqual([1, expect.stringContaining(`! ${problem}\n`)]);
    const apply = await here.run('config', 'apply');
    expect(apply).toMatchObject({ exitCode: 1, output: '' });
    expect(apply.errors).toBe(`The configuration file cannot be applied:\n  ${problem}\n`);
    const asJson = await here.run('config', 'apply', '--json');
    expect(asJson.json()).toMatchObject({ applied: false, conflicts: [{ kind: 'client', key: 'mine' }] });
    expect((await here.run('client', 'show', 'machine', '--json')).json().client.enabled).toBe(true);
    await here.run('client', 'remove', 'mine', '--yes');
  });

  it('a file with faults is not applied', async () => {
    says(disabled.replace('[client_credentials]', '[magic]'));
    const { exitCode, errors } = await here.run('config', 'apply');
    expect([exitCode, errors]).toEqual([1, expect.stringMatching(/is not valid: sts config validate .* says why/)]);
  });

  it.each(['diff', 'apply'])('%s says what to do where the schema is missing', async (name) => {
    const data = temporaryFolder();
    const none = { ...here.variables, STS_DATABASE_URL: `sqlite:${data}/none.sqlite` };
    expect(await sts(['config', name], { variables: none })).toMatchObject({
      exitCode: 1,
      errors: expect.stringMatching(/there is none at .* sts migrate up makes it/),
    });
    writeFileSync(`${data}/none.sqlite`, '');
    expect(await sts(['config', name], { variables: none })).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining('behind this version: run `sts migrate up`'),
    });
  });

  it('the file is named by an argument, too', async () => {
    const other = temporaryFile(disabled);
    expect((await here.run('config', 'diff', other)).output).toBe('~ client "machine": enabled changed\n');
    expect((await here.run('config', 'diff', '--config', other)).exitCode).toBe(4);
  });
});

describe('sts config export --database', () => {
  it('prints what is there in the words of the file: but for the secrets a file that validates', async () => {
    const { run, config } = await place();
    await run('config', 'apply');
    await run('client', 'create', 'mine', '--grant', 'client_credentials', '--scope', 'api1', '--name', 'Mine');
    const { exitCode, output } = await run('config', 'export', '--database');
    expect(exitCode).toBe(0);
    expect(output).not.toMatch(/argon2|[A-Za-z0-9+/]{43}=/);
    const { clients, identityResources, users, apiResources } = parse(output);
    expect([identityResources, apiResources]).toEqual([
      ['openid', 'profile'],
      [{ name: 'api1', apiSecrets: [{ sha256: '(withheld)' }] }],
    ]);
    expect(users).toEqual([{ subject: '1', username: 'carol', passwordHash: '(withheld)' }]);
    expect(clients.map(({ clientId }: { clientId: string }) => clientId)).toEqual(['app', 'machine', 'mine']);

    const undeclared = (await run('config', 'export', '--undeclared', '--json')).json();
    const secret = { sha256: '(withheld)' };
    expect(undeclared).toEqual({
      ...{ identityResources: [], apiScopes: [], apiResources: [], authorizationDetailTypes: [], users: [] },
      clients: [
        {
          clientId: 'mine',
          clientName: 'Mine',
          clientSecrets: [secret],
          allowedGrantTypes: ['client_credentials'],
          allowedScopes: ['api1'],
        },
      ],
    });
    const filled = output.replaceAll('sha256: (withheld)', `plain: ${'x'.repeat(20)}`).replace(/passwordHash: .*/, '');
    writeFileSync(config, `issuer: https://id.example.com\n${filled}`);
    expect(await run('config', 'validate')).toMatchObject({ exitCode: 0 });
  });

  it('is of no file', async () => {
    expect(await sts(['config', 'export', 'sts.yaml', '--database'])).toMatchObject({ exitCode: 2 });
  });
});
