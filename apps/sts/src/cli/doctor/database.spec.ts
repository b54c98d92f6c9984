import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { Client, hashHandle, RegisteredClientStore, registeredClientId } from '@tessera/resource-model';
import { smallConfiguration } from '../../running-sts.fixture.js';
import { temporaryFile, temporaryFolder } from '../../temporary-folder.fixture.js';
import { withStores } from '../opened-stores.js';
import { sts } from '../running-cli.fixture.js';
import { judgeDatabaseClock } from './checks/database-clock.check.js';
import type { Finding } from './finding.js';

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const unreachable = smallConfiguration.replace('https://id.example.com', 'http://127.0.0.1:65529');
const withoutUsers = unreachable.replace(/users:[^]*/, '');

const [data, config] = [temporaryFolder(), temporaryFile(withoutUsers)];
const variables = {
  STS_CONFIG: config,
  STS_DATA: data,
  STS_DATABASE_URL: `sqlite:${data}/sts.sqlite?synchronous=normal`,
  STS_ENCRYPTION_KEYS: key(7),
};

async function look(more: Record<string, string> = {}): Promise<string[]> {
  const { json } = await sts(['doctor', '--json'], { variables: { ...variables, ...more } });
  const found = json() as Finding[];
  return found
    .filter(({ check }) => /database|encryption/.test(check))
    .map(({ status, check, message }) => `${status} ${check}: ${message}`);
}

const answers = 'fine database: it answers, and its schema is up to date';
const opens = 'fine encryption: the encryption keys open all that is encrypted in the database, 1 values';

describe('sts doctor, of the database', () => {
  beforeAll(async () => {
    await sts(['migrate', 'up'], { variables });
    await sts(['config', 'apply'], { variables });
    const file = temporaryFile('pairwiseSubjectSalt: sixteen characters and more', 'client.yaml');
    const flow = ['--grant', 'client_credentials', '--from', file];
    await sts(['client', 'create', 'sealed', ...flow], { variables });
  });
  beforeEach(() => writeFileSync(config, withoutUsers));

  it('finds nothing wrong with one in order', async () => {
    const same = 'fine file and database: the database has what the file declares, 5 items';
    expect(await look()).toEqual([answers, opens, same]);
  });

  it('says that file and database differ, and what stays or stands in the way', async () => {
    writeFileSync(config, withoutUsers.replace('clientId: machine', 'clientId: other').replace(', openid]', ']'));
    expect((await look()).slice(2)).toEqual([
      'warning file and database: sts config apply would change 2 items',
      'warning file and database: the file does not declare one item any more, which it declared once',
    ]);
    writeFileSync(config, withoutUsers.replace('clientId: machine', 'clientId: sealed'));
    expect(await look()).toContain(
      'problem file and database: one item of the file cannot be applied: somebody else made the same',
    );
  });

  it('says that keys are missing or old', async () => {
    const wrong = await look({ STS_ENCRYPTION_KEYS: key(8) });
    expect(wrong).toEqual([answers, expect.stringMatching(/^problem encryption: .* is encrypted with key \w+, which/)]);
    expect(await look({ STS_ENCRYPTION_KEYS: '' })).toEqual([
      expect.stringMatching(/^unchecked database: There is neither STS_ENCRYPTION_KEYS nor /),
    ]);
    expect(await look({ STS_ENCRYPTION_KEYS: `${key(8)},${key(7)}` })).toContain(
      'warning encryption: 1 of 1 values are encrypted with another key than the first',
    );
  });

  it('names the clients that break a profile which the server was given after they were made: rule and remedy', async () => {
    const ofProfiles = async () => {
      const { json } = await sts(['doctor', '--json'], { variables });
      return (json() as Finding[]).filter(({ check }) => check === 'client profiles');
    };
    expect(await ofProfiles()).toEqual([]);
    const withoutClients = withoutUsers.replace(/clients:[^]*/, '');
    writeFileSync(config, `${withoutClients}profile: fapi2-security\n`);
    expect(await ofProfiles()).toContainEqual({
      check: 'client profiles',
      status: 'warning',
      message: expect.stringMatching(
        /^client 'sealed' breaks profile 'fapi2-security': It authenticates by private_key/,
      ),
      remedy: expect.stringContaining('It needs tokenEndpointAuthMethod: private_key_jwt'),
    });
  });

  it('names the registered clients from which the policy takes something that they registered', async () => {
    const ofRegistered = async (policy: string) => {
      writeFileSync(config, `${withoutUsers}\nregistration: { mode: open, policy: ${policy} }\n`);
      const { json } = await sts(['doctor', '--json'], { variables });
      return (json() as Finding[]).filter(({ check }) => check === 'registered clients');
    };
    const clientId = registeredClientId('x'.repeat(22));
    const allowedGrantTypes = ['client_credentials'];
    await withStores(variables, async (stores) => {
      const client = new Client({ clientId, allowedGrantTypes, allowedScopes: ['api1'] });
      const registered = { client, accessTokenHash: hashHandle('x'), registeredAt: 1 };
      await stores.get(RegisteredClientStore).add(registered, 1);
    });
    expect(await ofRegistered('{ grantTypes: [client_credentials], scopes: [api1] }')).toEqual([
      expect.objectContaining({ status: 'fine' }),
    ]);
    expect(await ofRegistered('{ grantTypes: [client_credentials], scopes: [openid] }')).toEqual([
      expect.objectContaining({ status: 'warning', message: `the policy takes from '${clientId}' scope api1` }),
    ]);
  });

  it('says that there is none yet, that its schema is behind, or why it cannot be opened', async () => {
    const folder = temporaryFolder();
    const STS_DATABASE_URL = `sqlite:${folder}/new.sqlite`;
    expect(await look({ STS_DATABASE_URL })).toEqual([
      `fine database: there is none at ${folder}/new.sqlite yet: the start makes it`,
    ]);
    const never = { STS_DATABASE_URL, STS_MIGRATE: 'never' };
    expect(await look(never)).toEqual([expect.stringMatching(/^problem database: .* sts migrate up makes it/)]);
    writeFileSync(`${folder}/new.sqlite`, '');
    expect(await look({ STS_DATABASE_URL })).toEqual(['warning database: its schema is behind this version']);
    expect(await look(never)).toEqual(['problem database: its schema is behind this version']);
    expect(await look({ STS_DATABASE_URL: `sqlite:${folder}` })).toEqual([
      expect.stringMatching(/^problem database: The database cannot be used: /),
    ]);
  });

  it('has nothing to say of one in memory', async () => {
    expect(await look({ STS_DATABASE_URL: 'memory:' })).toEqual([]);
  });

  it.each([
    [4, 'fine', /agree within 5 seconds/],
    [-30, 'warning', /is 30 seconds behind/],
    [30, 'warning', /is 30 seconds ahead of/],
  ])('judges a clock that is %i seconds ahead', (difference, status, message) => {
    expect(judgeDatabaseClock(difference)).toMatchObject({ status, message: expect.stringMatching(message) });
  });
});
