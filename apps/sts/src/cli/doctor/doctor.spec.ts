import { chmodSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { smallConfiguration } from '../../running-sts.fixture.js';
import { temporaryFile, temporaryFolder } from '../../temporary-folder.fixture.js';
import { sts } from '../running-cli.fixture.js';
import { checkCertificate } from './checks/certificate.check.js';
import type { Finding } from './finding.js';

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

const servers: ReturnType<typeof createServer>[] = [];
afterAll(() => servers.forEach((server) => server.close().closeAllConnections()));

/** A server that answers as the spec says, to show what the doctor makes of servers that ours is not. */
async function patient(answer: (path: string, request: IncomingMessage, url: string) => Answer): Promise<string> {
  const server = createServer((request, response) => {
    const { status = 200, headers = {}, body = {} } = answer(request.url!, request, url);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return url;
}

const own = (url: string) => ({
  issuer: url,
  jwks_uri: `${url}/jwks`,
  token_endpoint: `${url}/token`,
  id_token_signing_alg_values_supported: ['ES256', 'none'],
});

const documents = (url: string): Record<string, unknown> => ({
  '/.well-known/openid-configuration': own(url),
  '/jwks': { keys: [{ kty: 'EC', alg: 'ES256', kid: 'k1' }] },
});

/** Ours, but for one path. */
const but = (path: string, answer: (request: IncomingMessage, url: string) => Answer) =>
  patient((asked, request, url) => (asked === path ? answer(request, url) : { body: documents(url)[asked] }));

interface Look {
  readonly exitCode: number;
  /** What is not fine. */
  readonly ill: readonly string[];
}

async function look(args: readonly string[], variables: Record<string, string> = {}): Promise<Look> {
  const { exitCode, json } = await sts(['doctor', '--json', ...args], { variables });
  const found = json() as Finding[];
  const ill = found.filter(({ status }) => status !== 'fine');
  return { exitCode, ill: ill.map(({ status, check, message }) => `${status} ${check}: ${message}`) };
}

describe('sts doctor, of a server elsewhere', () => {
  it('finds nothing wrong with one in order', async () => {
    const url = await but('', () => ({}));
    expect(await look(['--issuer', url])).toEqual({ exitCode: 0, ill: [] });
  });

  it('ends with 3 where nobody answers: it could not check', async () => {
    const { exitCode, ill } = await look(['--issuer', 'http://127.0.0.1:65529']);
    expect(exitCode).toBe(3);
    expect(ill).toEqual([expect.stringMatching(/^unchecked discovery: .* cannot be reached: nothing listens there/)]);
  });

  const configuration = '/.well-known/openid-configuration';
  it.each<[string, string, (request: IncomingMessage, url: string) => Answer, RegExp]>([
    [
      'discovery in another name',
      configuration,
      (_r, url) => ({ body: { ...own(url), issuer: `${url}/` } }),
      /^problem discovery: .* answers for "http:.*\/", not for/,
    ],
    ['no discovery', configuration, () => ({ status: 404 }), /^problem discovery: .* answers 404$/],
    [
      'an endpoint at another origin',
      configuration,
      (_r, url) => ({ body: { ...own(url), token_endpoint: 'http://inside:5001/token' } }),
      /^problem endpoints: token_endpoint is at another origin: http:\/\/inside:5001\/token$/,
    ],
    [
      'an endpoint that nothing passes on',
      '/token',
      () => ({ status: 502 }),
      /^problem endpoints: token_endpoint answers 502/,
    ],
    [
      'an algorithm without a key',
      '/jwks',
      () => ({ body: { keys: [{ kty: 'RSA', alg: 'RS256', kid: 'k' }] } }),
      /^problem key set: no key for ES256/,
    ],
    [
      'a private key for everybody',
      '/jwks',
      () => ({ body: { keys: [{ kty: 'EC', alg: 'ES256', kid: 'k', d: 'x' }] } }),
      /^problem key set: the key k is published with its private part$/,
    ],
    [
      'two keys of one kid',
      '/jwks',
      () => ({
        body: {
          keys: [
            { kty: 'EC', alg: 'ES256', kid: 'k' },
            { kty: 'RSA', alg: 'RS256', kid: 'k' },
          ],
        },
      }),
      /^problem key set: not every key has a kid of its own$/,
    ],
    ['no key set', '/jwks', () => ({ status: 500 }), /^problem key set: .* answers 500 and no key set$/],
    [
      'a server that believes any X-Forwarded-Host',
      configuration,
      ({ headers }, url) => ({
        body: {
          ...own(url),
          issuer: headers['x-forwarded-host'] ? `http://${String(headers['x-forwarded-host'])}` : url,
        },
      }),
      /^problem proxy: headers of a caller/,
    ],
    [
      'a server that is not ready',
      '/health/ready',
      () => ({ status: 503, body: { status: 'stopping' } }),
      /^problem health: .* answers 503: \{"status":"stopping"\}$/,
    ],
  ])('ends with 1 over %s', async (_what, path, answer, says) => {
    const { exitCode, ill } = await look(['--issuer', await but(path, answer)]);
    expect(exitCode).toBe(1);
    expect(ill).toEqual([expect.stringMatching(says)]);
  });

  it('warns of a clock that is more than 5 seconds off', async () => {
    const behind = (seconds: number) => () => ({
      headers: { date: new Date(Date.now() - seconds * 1000).toUTCString() },
    });
    const url = await patient((path, _request, url) => ({ ...behind(30)(), body: documents(url)[path] }));
    const { exitCode, ill } = await look(['--issuer', url]);
    expect(exitCode).toBe(0);
    expect(ill).toEqual([
      expect.stringMatching(/^warning clock: the server's clock is (?:29|30|31) seconds behind this machine's$/),
    ]);
    const close = await patient((path, _request, url) => ({ ...behind(3)(), body: documents(url)[path] }));
    expect((await look(['--issuer', close])).ill).toEqual([]);
  });

  it('warns where health is not shown to the outside', async () => {
    const url = await patient((path, _request, url) =>
      path.startsWith('/health') ? { status: 404 } : { body: documents(url)[path] },
    );
    const { exitCode, ill } = await look(['--issuer', url]);
    expect([exitCode, ill.length]).toEqual([0, 2]);
  });

  it('does not send anybody over plain http beyond this machine', async () => {
    expect(await checkCertificate('http://id.example.com', undefined)).toMatchObject([{ status: 'problem' }]);
  });
});

describe('sts doctor, of the configuration here', () => {
  const unreachable = smallConfiguration.replace('https://id.example.com', 'http://127.0.0.1:65529');
  const variables = (text = unreachable, data = temporaryFolder()) => ({
    STS_CONFIG: temporaryFile(text),
    STS_DATA: data,
  });

  it('says what would stop the start, and looks no further', async () => {
    const { exitCode, ill } = await look(
      [],
      variables(unreachable.replace('[client_credentials]', 'client_credentials')),
    );
    expect(exitCode).toBe(1);
    expect(ill).toEqual([
      expect.stringMatching(/^problem configuration: .*sts\.yaml:10:24 clients\[0\]\.allowedGrantTypes/),
      'unchecked discovery: the issuer is not known',
    ]);
  });

  it('finds keys that others can read', async () => {
    const file = temporaryFile('{"keys":[]}', 'signing-keys.json');
    chmodSync(file, 0o644);
    const { exitCode, ill } = await look([], variables(unreachable, dirname(file)));
    expect(exitCode).toBe(1);
    expect(ill).toContain(`problem data folder: ${file} can be read or changed by others (0644)`);
    chmodSync(file, 0o600);
    expect((await look([], variables(unreachable, dirname(file)))).exitCode).toBe(3);
  });

  it('finds a data folder that is none', async () => {
    const file = temporaryFile('a file', 'data');
    const { ill } = await look([], variables(unreachable, join(file, 'deeper')));
    expect(ill).toContain(`problem data folder: ${file} cannot be written to by this user`);
  });

  it('tells a server behind a proxy to be told of it', async () => {
    const behind = { ...variables(smallConfiguration.replace('id.example.com', '127.0.0.1:65529')), STS_TLS: 'off' };
    const about = async (STS_TRUST_PROXY: string) =>
      (await look([], { ...behind, STS_TRUST_PROXY })).ill.filter((line) => line.startsWith('warning proxy'));
    expect(await about('false')).toEqual([expect.stringContaining('STS_TRUST_PROXY names none')]);
    expect(await about('true')).toEqual([expect.stringContaining('every caller is believed')]);
    expect(await about('loopback')).toEqual([]);
  });

  it('finds out that another server was meant', async () => {
    const { ill } = await look(['--issuer', 'http://127.0.0.1:10'], variables());
    expect(ill).toContain('problem configuration: it names the issuer http://127.0.0.1:65529, not http://127.0.0.1:10');
  });
});
