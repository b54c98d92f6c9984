import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fencedBlocks } from '../fenced-blocks.js';
import { PlainBrowser, type Shown } from '../plain-browser.js';
import { basic, type RunningServer } from '../running-server.js';
import { startSts } from '../running-sts.js';
import { callback } from './provider.js';
import { obey, type SuiteBrowser } from './suite-browser.js';

interface SuiteClient {
  readonly client_id: string;
  readonly client_secret: string;
}

const block = (word: string) => fencedBlocks('conformance.md').find(({ words }) => words.includes(word))!.text;
const suite = JSON.parse(block('suite')) as SuiteBrowser &
  Readonly<Record<'client' | 'client2' | 'client_secret_post', SuiteClient>> & {
    readonly override: Readonly<Record<string, SuiteBrowser>>;
  };

// The public suite cannot run here; what it is given can be tried.
describe('docs/conformance.md', () => {
  let folder: string;
  let server: RunningServer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tessera-suite-'));
    await writeFile(join(folder, 'sts.yaml'), block('sts'));
    server = await startSts({ STS_CONFIG: join(folder, 'sts.yaml') });
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  const request = (clientId: string, more: Record<string, string>) => {
    const parameters = { client_id: clientId, redirect_uri: callback, scope: 'openid', nonce: 'n', ...more };
    return `connect/authorize?${new URLSearchParams(parameters).toString()}`;
  };

  test('its commands sign in and agree, and its clients redeem codes, each in its way', async () => {
    const browser = new PlainBrowser(server);
    const signIn = await browser.open(request('basic', { response_type: 'code', prompt: 'consent' }));
    const consent = await obey(browser, signIn, suite, server.url);
    expect(consent.url.pathname).toBe('/consent');
    const back = await obey(browser, consent, suite, server.url);
    const codes = [back, ...(await othersOf(browser))].map(({ url }) => url.searchParams.get('code')!);
    const { client, client2, client_secret_post: post } = suite;
    const redeem = (code: string, form: object, headers = {}) =>
      server.form(
        'connect/token',
        { grant_type: 'authorization_code', code, redirect_uri: callback, ...form },
        headers,
      );
    const answers = [
      await redeem(codes[0]!, {}, basic(client.client_id, client.client_secret)),
      await redeem(codes[1]!, {}, basic(client2.client_id, client2.client_secret)),
      await redeem(codes[2]!, { ...post }),
    ];
    expect(answers.map(({ status, body }) => [status, typeof body.id_token])).toEqual(
      answers.map(() => [200, 'string']),
    );
  });

  async function othersOf(browser: PlainBrowser): Promise<Shown[]> {
    const { client2, client_secret_post: post } = suite;
    return [
      await browser.open(request(client2.client_id, { response_type: 'code' })),
      await browser.open(request(post.client_id, { response_type: 'code' })),
    ];
  }

  test.each([
    ['hybrid', 'code id_token token'],
    ['hybrid-second', 'code id_token'],
    ['hybrid-post', 'code token'],
    ['implicit', 'id_token token'],
    ['implicit', 'id_token'],
  ])('its client %s may use response_type %s', async (clientId, type) => {
    const browser = new PlainBrowser(server);
    const page = await browser.open(
      request(clientId, { response_type: type, scope: 'openid profile email address phone' }),
    );
    const answer = new URLSearchParams((await obey(browser, page, suite, server.url)).url.hash.slice(1));
    const artefacts = [...answer.keys()].filter((name) => ['code', 'id_token', 'access_token'].includes(name));
    expect(artefacts.map((name) => name.replace('access_', '')).sort()).toEqual(type.split(' ').sort());
  });

  test('its overrides find the error page where they look for it', async () => {
    const browser = new PlainBrowser(server);
    const page = await browser.open(request('basic', { response_type: 'code', redirect_uri: `${callback}/other` }));
    for (const override of Object.values(suite.override)) await obey(browser, page, override, server.url);
    expect.assertions(2);
  });
});
