import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ClientInit } from '@tessera/token-server';
import { loadSettings } from '../../apps/sts/src/index.js';
import { startServer } from '../running-server.js';
import { redirectUri, webClient } from './people.fixture.js';

// Addresses of a client end up in links, frames, forms and headers: what could be more than an address is refused at the start.

const harmful: readonly string[] = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  '\u0001javascript:alert(1)',
  'java\nscript:alert(1)',
  'java\tscript:alert(1)',
  'javascript://app.example.com/%0aalert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'blob:https://app.example.com/x',
  'file:///etc/passwd',
  'about:blank',
  'view-source:https://app.example.com/',
  'filesystem:https://app.example.com/x',
  'https://app.example.com/\r\nX-Injected: yes',
  'https://app.example.com/\n',
  'https://app.example.com/\t',
  'https://app.example.com/\0',
  'https://app.example.com/\u001b[31m',
  'https://app.example.com/\u007f',
  'https://app.example.com/\u2028',
  'https://app.example.com/with space',
  ' https://app.example.com/',
  'https://app.example.com/ ',
  'https:app.example.com/',
  'https:/app.example.com/',
  'https:\\\\app.example.com\\',
  '//app.example.com/',
  '/relative',
  'https://',
  'https:///x',
  '',
];

const lists = ['redirectUris', 'postLogoutRedirectUris'] as const;
const single = [
  'frontChannelLogoutUri',
  'backChannelLogoutUri',
  'clientUri',
  'logoUri',
  'policyUri',
  'tosUri',
  'initiateLoginUri',
] as const;

/** One client for each value, which stands in all of its fields. */
const clients = harmful.map((value, index): ClientInit => {
  const fields = Object.fromEntries([...lists.map((name) => [name, [value]]), ...single.map((name) => [name, value])]);
  return webClient(`client_${index}`, { redirectUris: [redirectUri], ...fields });
});
/** The lines of the fault report, by the path that they begin with. */
async function faultsOf(start: () => Promise<unknown>): Promise<string[]> {
  const error = await start().then(
    () => new Error('It started.'),
    (reason: unknown) => reason as Error,
  );
  return error.message.split('\n');
}

async function inFile(): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-metadata-'));
  try {
    const file = join(folder, 'sts.json');
    const written = clients.map((client) => ({ ...client, clientSecrets: [{ plain: 'secret' }], allowedScopes: [] }));
    await writeFile(file, JSON.stringify({ issuer: 'https://id.example.com', clients: written }));
    return await loadSettings({ STS_CONFIG: file, STS_DATA: folder });
  } finally {
    await rm(folder, { recursive: true });
  }
}

const startInCode = () => startServer({ options: { clients }, logger: false });

describe.each<[string, () => Promise<unknown>]>([
  ['in code', startInCode],
  ['in the file of the server', inFile],
])('An address of a client that is harmful, configured %s,', (_where, start) => {
  let faults: string[];
  beforeAll(async () => void (faults = await faultsOf(start)));

  test.each([...lists, ...single])('is refused at the start, by its name: %s', (field) => {
    const found = harmful.map((value, index) => {
      const lines = faults.filter((line) => line.includes(`clients[${index}].${field}`));
      return [value, lines.length, lines.every((line) => /must (?:be|hold) .*(?:URL|URI)/.test(line))];
    });
    expect(found).toEqual(harmful.map((value) => [value, 1, true]));
  });

  test('is told of without its control characters, which would reach a terminal', () => {
    // eslint-disable-next-line no-control-regex
    expect(faults.filter((line) => /[\u0000-\u001f]/.test(line))).toEqual([]);
  });
});

test('Addresses that are none of that are taken', async () => {
  const good = webClient('good', {
    redirectUris: [
      redirectUri,
      'http://localhost:7001/cb',
      'http://127.0.0.1/cb',
      'http://[::1]/cb',
      'com.example.app:/cb',
      'https://app.example.com/cb?a=b&c=%20',
    ],
    postLogoutRedirectUris: ['https://app.example.com/', 'com.example.app:/bye'],
    ...Object.fromEntries(single.map((name) => [name, `https://app.example.com/${name}?a=b#c`])),
  });
  const server = await startServer({ options: { clients: [good] } });
  await server.close();
});
