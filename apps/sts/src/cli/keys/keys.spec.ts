import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { FileSigningKeyStore, generateSigningKey } from '@tessera/token-server';
import { smallConfiguration } from '../../running-sts.fixture.js';
import { temporaryFile, temporaryFolder } from '../../temporary-folder.fixture.js';
import { sts } from '../running-cli.fixture.js';

const config = temporaryFile(smallConfiguration);
const day = 86_400;
const createdAt = Math.floor(Date.now() / 1000) - 3 * day;

/** The variables of a server that keeps its keys in a file of that folder. */
const keptIn = (data: string) => ({ STS_CONFIG: config, STS_DATA: data, STS_DATABASE_URL: 'memory:' });
const storeIn = (data: string) => new FileSigningKeyStore(join(data, 'signing-keys.json'));

/** A server that has run: one key signs. */
async function oneKey() {
  const data = temporaryFolder();
  const store = storeIn(data);
  const key = await generateSigningKey('ES256', createdAt);
  await store.add(key);
  return { variables: keptIn(data), store, key };
}

const statesIn = async (variables: Record<string, string>) => {
  const { json } = await sts(['keys', 'list', '--json'], { variables });
  return (json() as { kid: string; state: string }[]).map(({ kid, state }) => [kid, state]);
};

describe('sts keys list', () => {
  const data = temporaryFolder();
  const variables = keptIn(data);
  beforeAll(async () => void (await storeIn(data).add(await generateSigningKey('ES256', createdAt))));

  it('lists the keys in columns', async () => {
    const { exitCode, output } = await sts(['keys', 'list'], { variables });
    expect(exitCode).toBe(0);
    const [head, row, ...rest] = output.split('\n');
    expect(rest).toEqual(['']);
    expect(head).toMatch(/^ALGORITHM {2}KID +STATE +CREATED +AGE$/);
    expect(row).toMatch(/^ES256 {6}\S{43} {2}signing {2}\S+Z {2}3 days ago$/);
    expect(head!.indexOf('STATE')).toBe(row!.indexOf('signing'));
  });

  it('gives programs a list without anything private', async () => {
    const { json } = await sts(['keys', 'list', '--json'], { variables });
    const created = new Date(createdAt * 1000).toISOString().replace('.000', '');
    expect(json()).toEqual([{ algorithm: 'ES256', kid: expect.any(String), state: 'signing', created }]);
  });

  it.each(['memory:', `sqlite:${data}/none.sqlite`])('says that there are none, and makes none: %s', async (url) => {
    const result = await sts(['keys', 'list', '--data', join(data, 'none')], {
      variables: { ...variables, STS_DATABASE_URL: url },
    });
    expect(result).toMatchObject({ exitCode: 0, output: '', errors: expect.stringContaining('There are no keys yet') });
  });

  it('says what to do about a file that cannot be read', async () => {
    const broken = join(temporaryFile('{', 'signing-keys.json'), '..');
    const { exitCode, errors } = await sts(['keys', 'list', '--data', broken], { variables });
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/^The signing keys cannot be used: .* Put the file back/);
  });
});

describe('sts keys rotate', () => {
  it('announces a new key for the propagation time, and says which signs until then', async () => {
    const { variables, store, key } = await oneKey();
    const { exitCode, output, errors } = await sts(['keys', 'rotate'], { variables });
    const [, made] = await store.list();
    expect(exitCode).toBe(0);
    expect(output).toMatch(new RegExp(`^ES256: the new key is ${made!.kid}; it is announced, and signs from \\S+Z on`));
    expect(output).toMatch(new RegExp(`\\(in 14 days\\); until then ${key.kid} signs\\.\n$`));
    expect(errors).toMatch(/^Nothing else needs to be done/);
    expect(made!.signsFrom - made!.createdAt).toBe(14 * day);
    expect(await statesIn(variables)).toEqual([
      [key.kid, 'signing'],
      [made!.kid, 'announced'],
    ]);
  });

  it('lets the new key sign at once where asked to, and says what that means for APIs', async () => {
    const { variables, key } = await oneKey();
    const { output, errors } = await sts(['keys', 'rotate', '--now', '--algorithm', 'ES256'], { variables });
    expect(output).toMatch(
      new RegExp(`; it signs from now on; ${key.kid} is retired, and its tokens are accepted until`),
    );
    expect(errors).toMatch(/An API that has kept the key set refuses tokens of the new key until it fetches/);
    expect((await statesIn(variables)).map(([, state]) => state)).toEqual(['retired', 'signing']);
  });

  it('says which key, announced by hand before, will not sign any more', async () => {
    const { variables, store } = await oneKey();
    await sts(['keys', 'rotate'], { variables });
    const { output } = await sts(['keys', 'rotate', '--now'], { variables });
    const [, announced] = await store.list();
    expect(output).toContain(`The key ${announced!.kid}, which was announced, is dropped and will never sign.\n`);
  });

  it('gives programs what it made', async () => {
    const { variables, store, key } = await oneKey();
    const { json } = await sts(['keys', 'rotate', '--now', '--json'], { variables });
    const [, made] = await store.list();
    const signsFrom = new Date(made!.signsFrom * 1000).toISOString().replace('.000', '');
    expect(json()).toEqual([{ algorithm: 'ES256', kid: made!.kid, state: 'signing', signsFrom, before: key.kid }]);
  });

  it('makes no key for an algorithm with which the server does not sign', async () => {
    const { variables, store } = await oneKey();
    const { exitCode, errors } = await sts(['keys', 'rotate', '--algorithm', 'RS256'], { variables });
    expect([exitCode, errors]).toEqual([
      2,
      'The server signs with ES256, not with RS256: add it to signingAlgorithms.\n',
    ]);
    expect(await store.list()).toHaveLength(1);
    expect((await sts(['keys', 'rotate', '--algorithm', 'HS256'], { variables })).exitCode).toBe(2);
  });
});

describe('sts keys revoke', () => {
  it('takes the key away, and a new one signs in its place', async () => {
    const { variables, store, key } = await oneKey();
    await sts(['keys', 'rotate'], { variables });
    const { exitCode, output, errors } = await sts(['keys', 'revoke', key.kid, '--yes'], { variables });
    const [announced, fresh] = await store.list();
    expect([exitCode, output]).toEqual([
      0,
      `${key.kid} (ES256) is revoked.\nThe new key ${fresh!.kid} signs from now on.\n` +
        `The key ${announced!.kid}, which was announced, is dropped and will never sign.\n`,
    ]);
    expect(errors).toMatch(/^Running servers refuse its tokens within 2 seconds\. An API .* 5 minutes/);
    expect((await statesIn(variables)).find(([, state]) => state === 'signing')).toEqual([fresh!.kid, 'signing']);
  });

  it('names the older keys whose tokens are still accepted', async () => {
    const { variables, store, key } = await oneKey();
    await sts(['keys', 'rotate', '--now'], { variables });
    const [, second] = await store.list();
    const { errors } = await sts(['keys', 'revoke', second!.kid, '-y'], { variables });
    expect(errors).toContain(`revoke them, too: ${key.kid}\n`);
    const { json } = await sts(['keys', 'revoke', key.kid, '-y', '--json'], { variables });
    expect(json()).toEqual({ revoked: key.kid, algorithm: 'ES256', retired: [] });
  });

  it('asks a person, and changes nothing without a yes', async () => {
    const { variables, store, key } = await oneKey();
    const refused = await sts(['keys', 'revoke', key.kid], { variables, input: '\n', isTTY: true });
    expect([refused.exitCode, refused.errors]).toEqual([
      1,
      expect.stringMatching(/\?.* \[y\/N\].*Nothing was changed/s),
    ]);
    expect(await store.list()).toEqual([key]);
    const agreed = await sts(['keys', 'revoke', key.kid], { variables, input: 'y\n', isTTY: true });
    expect([agreed.exitCode, (await store.kids()).includes(key.kid)]).toEqual([0, false]);
  });

  it('wants --yes where nobody can be asked', async () => {
    const { variables, store, key } = await oneKey();
    const { exitCode, errors } = await sts(['keys', 'revoke', key.kid], { variables, input: 'y\n' });
    expect([exitCode, errors]).toEqual([2, 'Nobody can be asked here whether to go on: say so with --yes.\n']);
    expect(await store.list()).toEqual([key]);
  });

  it.each(['other', '-yRyT3o2iXGjFzc0mLHVWVkVfBHPQHvY7DWsRp2Gp4c'])(
    'says that there is no such key: %s',
    async (kid) => {
      const { variables } = await oneKey();
      const { exitCode, errors } = await sts(['keys', 'revoke', kid, '--yes'], { variables });
      expect([exitCode, errors]).toEqual([
        1,
        `There is no signing key ${kid}: sts keys list shows those that there are.\n`,
      ]);
    },
  );
});

describe('sts keys reencrypt', () => {
  it('has nothing to do for keys in a file', async () => {
    const { exitCode, errors } = await sts(['keys', 'reencrypt'], { variables: keptIn(temporaryFolder()) });
    expect([exitCode, errors]).toEqual([2, expect.stringMatching(/^STS_DATABASE_URL is memory:/)]);
  });
});
