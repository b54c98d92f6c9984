import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { basic, runSts, smallConfiguration } from '../../running-sts.fixture.js';
import { temporaryFile, temporaryFolder } from '../../temporary-folder.fixture.js';
import { sts } from '../running-cli.fixture.js';

it('What a command does to a client counts on a running server within two seconds', async () => {
  const [data, config] = [temporaryFolder(), temporaryFile(smallConfiguration)];
  const database = { STS_DATABASE_URL: `sqlite:${data}/sts.sqlite?synchronous=normal` };
  const variables = { STS_CONFIG: config, STS_DATA: data, ...database };
  const { url } = await runSts(variables);
  const client = async (...args: string[]) => (await sts(['client', ...args, '--json'], { variables })).json();
  const status = async (secret: string) => {
    const headers = { authorization: basic('job', secret) };
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    return (await fetch(`${url}/connect/token`, { method: 'POST', headers, body })).status;
  };
  /** The answers, two seconds after a command, to those who know the secrets. */
  const answers = async (...secrets: string[]) => {
    const wanted = Date.now() + 2000;
    const seen = [];
    for (; Date.now() < wanted; await delay(50)) seen.push(await Promise.all(secrets.map(status)));
    return seen.at(-1);
  };

  const { clientSecret: first } = await client('create', 'job', '--grant', 'client_credentials', '--scope', 'api1');
  expect(await answers(first)).toEqual([200]);
  await client('disable', 'job');
  expect(await answers(first)).toEqual([401]);
  await client('enable', 'job');
  const { clientSecret: second } = await client('rotate-secret', 'job', '--keep-old', '1h');
  expect(await answers(first, second)).toEqual([200, 200]);
  const { clientSecret: third } = await client('rotate-secret', 'job');
  expect(await answers(first, second, third)).toEqual([401, 401, 200]);
  await client('remove', 'job', '--yes');
  expect(await answers(third)).toEqual([401]);
}, 30_000);
