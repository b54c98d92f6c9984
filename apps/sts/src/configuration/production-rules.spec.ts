import { describe, expect, it } from '@jest/globals';
import { sha256, sha512 } from '@tessera/resource-model';
import { temporaryFile, temporaryFolder } from '../temporary-folder.fixture.js';
import { developmentCertificate } from '../tls/development-certificate.js';
import { loadSettings, SettingsError } from './settings.js';

const encryption = { STS_ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64') };
const good = { NODE_ENV: 'production', STS_TLS: 'off', STS_TRUST_PROXY: '10.0.0.0/8', ...encryption };

const client = (secret: string) => `
clients:
  - clientId: shop
    allowedGrantTypes: [client_credentials]
    clientSecrets: [{ description: good, plain: fS8sLkq0cGxZ4d }, ${secret}]
`;

async function faultsOf(variables: Record<string, string>, text = '', issuer = 'https://id.example.com') {
  try {
    await loadSettings({ STS_CONFIG: temporaryFile(`issuer: ${issuer}\n${text}`), ...encryption, ...variables });
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.lines.map((line) => line.replace(/^.*sts\.yaml:/, 'sts.yaml:'));
    throw error;
  }
}

describe('In production', () => {
  it.each([
    good,
    { ...good, STS_TRUST_PROXY: 'true' },
    { NODE_ENV: 'production', STS_TLS: 'off', STS_TRUST_PROXY: 'loopback', STS_DATA: '/var/lib/sts' },
  ])('a good configuration starts: %j', async (variables) => {
    expect(await faultsOf(variables, client('{ plain: s3cr3t-of-high-entropy }'))).toEqual([]);
  });

  it('an encryption key beside the database is refused: one has to be given', async () => {
    const without = { ...good, STS_ENCRYPTION_KEYS: '' };
    expect(await faultsOf(without)).toEqual([expect.stringMatching(/^STS_ENCRYPTION_KEYS: is needed in production/)]);
    expect(await faultsOf({ ...without, STS_DATABASE_URL: 'memory:' })).toEqual([]);
  });

  it('a development certificate is refused, and what to do instead is said', async () => {
    const expected = [expect.stringMatching(/^STS_TLS: .*STS_TLS=files.*STS_TLS=off behind a proxy.*\(got "dev"\)$/)];
    expect(await faultsOf({ NODE_ENV: 'production' })).toEqual(expected);
    expect(await faultsOf({ NODE_ENV: 'production', STS_TRUST_PROXY: 'true' })).toEqual(expected);
  });

  it('a development certificate is refused, also by way of files', async () => {
    const folder = temporaryFolder();
    await developmentCertificate(folder);
    const files = { STS_TLS_CERT: `${folder}/cert.pem`, STS_TLS_KEY: `${folder}/key.pem` };
    expect(await faultsOf({ NODE_ENV: 'production', ...files })).toEqual([
      expect.stringMatching(/^STS_TLS_CERT: names a development certificate.*cert\.pem"\)$/),
    ]);
    expect(await faultsOf(files)).toEqual([]);
  });

  it('no TLS and no trusted proxy is refused', async () => {
    expect(await faultsOf({ NODE_ENV: 'production', STS_TLS: 'off' })).toEqual([
      expect.stringMatching(/^STS_TLS: nothing encrypts .*STS_TRUST_PROXY/),
    ]);
  });

  it('an http issuer is refused, unless a trusted proxy ends TLS', async () => {
    const folder = temporaryFolder();
    await developmentCertificate(folder);
    const direct = { NODE_ENV: 'production', STS_TLS_CERT: `${folder}/cert.pem`, STS_TLS_KEY: `${folder}/key.pem` };
    const refusal = /issuer: must be https in production .*STS_TRUST_PROXY \(got "http:\/\/id\.example\.com"\)$/;
    expect(await faultsOf(direct, '', 'http://id.example.com')).toContainEqual(expect.stringMatching(refusal));
    expect(await faultsOf(good, '', 'http://id.example.com')).toEqual([]);
  });

  it.each([
    ['plain', '{ plain: secret }'],
    ['sha256', `{ sha256: ${sha256('changeme')} }`],
    ['sha512', `{ sha512: ${sha512('password')} }`],
    ['env', '{ env: SHOP_SECRET }'],
    ['file', `{ file: ${temporaryFile('demo\n', 'secret')} }`],
  ])('a demo secret of a client is refused, given as %s', async (_source, secret) => {
    const lines = await faultsOf({ ...good, SHOP_SECRET: 'tessera' }, client(secret));
    expect(lines).toEqual([
      expect.stringMatching(/^sts\.yaml:\d+:\d+ clients\[0\]\.clientSecrets\[1\]: is a demo secret: generate one, e\.g\. openssl rand/),
    ]); // prettier-ignore
  });

  it('a demo secret of an API is refused', async () => {
    expect(await faultsOf(good, 'apiResources: [{ name: a, apiSecrets: [{ plain: secret }] }]')).toEqual([
      expect.stringContaining('apiResources[0].apiSecrets[0]: is a demo secret'),
    ]);
  });

  it.each(['alice', 'Password', 'carol'])('the password %s of carol is refused', async (password) => {
    const text = `users: [{ subject: '1', username: carol, password: ${password} }]`;
    expect(await faultsOf(good, text)).toEqual([
      expect.stringMatching(/users\[0\]\.password: is a demo password: give passwordHash/),
    ]);
  });

  it('everything is told at once', async () => {
    const lines = await faultsOf(
      { NODE_ENV: 'production', STS_TLS: 'off' },
      client('{ plain: secret }'),
      'http://a.example',
    );
    expect(lines.map((line) => /(\S+): /.exec(line)?.[1])).toEqual([
      'STS_TLS',
      'issuer',
      'clients[0].clientSecrets[1]',
    ]);
  });

  it('all of this is fine elsewhere', async () => {
    expect(await faultsOf({ STS_TLS: 'off' }, client('{ plain: secret }'), 'http://a.example')).toEqual([]);
  });
});
