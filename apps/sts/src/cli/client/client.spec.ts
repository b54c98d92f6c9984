import { beforeAll, describe, expect, it } from '@jest/globals';
import { sha256 } from '@tessera/resource-model';
import { parse } from 'yaml';
import { smallConfiguration } from '../../running-sts.fixture.js';
import { temporaryFile, temporaryFolder } from '../../temporary-folder.fixture.js';
import { sts } from '../running-cli.fixture.js';

const data = temporaryFolder();
const variables = {
  STS_CONFIG: temporaryFile(`${smallConfiguration.replace(/users:[^]*/, '')}keys: { retention: 7200 }\n`),
  STS_DATA: data,
  STS_DATABASE_URL: `sqlite:${data}/sts.sqlite?synchronous=normal`,
  STS_ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64'),
};
const client = (...args: string[]) => sts(['client', ...args], { variables });
const service = ['--grant', 'client_credentials', '--scope', 'api1'];
const secretIn = (output: string) => /only now: (\S{43})\n$/.exec(output)![1]!;
const day = 86_400;
const now = () => Math.floor(Date.now() / 1000);

/** What is left in the database of a client's secrets, from the file's own words. */
async function secretsOf(id: string) {
  return (await client('show', id, '--json')).json().client.clientSecrets as { sha256: string; expiration?: number }[];
}

beforeAll(async () => {
  await sts(['migrate', 'up'], { variables });
  await sts(['config', 'apply'], { variables });
});

describe('sts client create', () => {
  it('makes a client with a secret that is shown once and kept nowhere', async () => {
    const { exitCode, output } = await client('create', 'service', ...service, '--name', 'A Service');
    expect([exitCode, output]).toEqual([0, expect.stringMatching(/^Client "service" is made\.\n\nIts secret, /)]);
    const shown = await client('show', 'service');
    expect(shown.output).toMatch(/^# No file declares this client\.\nclientId: service\n/);
    expect(parse(shown.output)).toMatchObject({
      clientName: 'A Service',
      clientSecrets: [{ sha256: '(withheld)' }],
      accessTokenLifetime: 3600,
    });
    const everything = `${shown.output}${(await client('list', '--json')).output}`;
    for (const part of [secretIn(output), sha256(secretIn(output))]) expect(everything).not.toContain(part);
  });

  it('makes a public one, and gives programs a document', async () => {
    const uris = ['--redirect-uri', 'https://a.example.com/cb', '--redirect-uri', 'https://b.example.com/cb'];
    const flow = ['--public', '--grant', 'authorization_code', '--scope', 'openid profile', '--scope', 'api1'];
    const after = ['--post-logout-redirect-uri', 'https://a.example.com/'];
    const { json } = await client('create', 'spa', ...flow, ...uris, ...after, '--json');
    expect(json()).toEqual({ clientId: 'spa', created: true });
    expect((await client('show', 'spa', '--json')).json()).toMatchObject({
      from: 'database',
      client: {
        requireClientSecret: false,
        requirePkce: true,
        allowedScopes: ['openid', 'profile', 'api1'],
        redirectUris: ['https://a.example.com/cb', 'https://b.example.com/cb'],
        postLogoutRedirectUris: ['https://a.example.com/'],
        clientSecrets: [],
      },
    });
  });

  it('takes everything that the configuration file can say, and options on top', async () => {
    const file = temporaryFile(
      'allowedGrantTypes: [client_credentials]\nallowedScopes: [openid]\nclaims: [{ type: tier, value: 2 }]\n' +
        'clientSecrets: [{ env: ITS_SECRET, expiration: 2037-01-31 }]\npairwiseSubjectSalt: a salt of sixteen and more',
      'client.yaml',
    );
    const args = ['client', 'create', 'from-file', '--from', file, '--scope', 'api1', '--json'];
    const made = await sts(args, { variables: { ...variables, ITS_SECRET: 'of the environment' } });
    expect(made.json()).toEqual({ clientId: 'from-file', created: true });
    const { output, json } = await client('show', 'from-file', '--json');
    expect(json().client).toMatchObject({
      allowedScopes: ['api1'],
      claims: [{ type: 'tier', value: 2 }],
      clientSecrets: [{ sha256: '(withheld)', expiration: Date.parse('2037-01-31') / 1000 }],
      pairwiseSubjectSalt: '(withheld)',
    });
    expect(output).not.toContain('sixteen');
    const input = '{ "allowedGrantTypes": ["client_credentials"], "allowedScopes": ["api1"] }';
    const piped = await sts(['client', 'create', 'piped', '--from', '-', '--json'], { variables, input });
    expect(piped.json()).toMatchObject({ created: true, clientSecret: expect.stringMatching(/^\S{43}$/) });
  });

  it('makes no secret for a client that proves itself in another way, and shows none that it keeps', async () => {
    const key = 'jwks: { keys: [{ kty: OKP, crv: Ed25519, x: 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo }] }';
    const keyed = temporaryFile(`tokenEndpointAuthMethod: private_key_jwt\n${key}`, 'client.yaml');
    expect((await client('create', 'keyed', ...service, '--from', keyed, '--json')).json()).toEqual({
      clientId: 'keyed',
      created: true,
    });
    const rotated = await client('rotate-secret', 'keyed');
    expect([rotated.exitCode, rotated.errors]).toEqual([1, expect.stringContaining('by private_key_jwt: a secret')]);
    const shared = temporaryFile('assertionSecret: { env: ITS_ASSERTION_SECRET }', 'client.yaml');
    const more = { ...variables, ITS_ASSERTION_SECRET: 'a-secret-of-thirty-two-characters' };
    await sts(['client', 'create', 'shared', ...service, '--from', shared], { variables: more });
    const shown = await client('show', 'shared');
    expect(parse(shown.output)).toMatchObject({ clientSecrets: [], assertionSecret: '(withheld)' });
  });

  it('shows every fault as sts config validate does, and makes nothing', async () => {
    const { exitCode, output, errors } = await client('create', 'faulty', '--grant', 'magic', '--scope', 'openit');
    expect([exitCode, output]).toEqual([1, '']);
    expect(errors).toMatch(
      /^The client is not made: it has one fault\.\n {2}allowedScopes: is neither .*openid.*"openit"/,
    );
    const grants = await client('create', 'faulty', '--grant', 'magic');
    expect(grants.errors).toContain('allowedGrantTypes: this server has no such grant');
    const secretless = await client('create', 'faulty', '--public', '--grant', 'client_credentials');
    expect(secretless.errors).toContain('client_credentials is for clients that can keep a secret');
    const none = await client('create', 'faulty');
    expect(none.errors).toMatch(/allowedGrantTypes: must .*\(missing\)/);
    expect((await client('show', 'faulty')).errors).toBe('There is no client "faulty".\n');
  });

  it('knows the rules of the server: a token must be gone before its key is', async () => {
    const file = temporaryFile('accessTokenLifetime: 7200', 'client.yaml');
    const { errors } = await client('create', 'faulty', ...service, '--from', file);
    expect(errors).toMatch(/keys\.retention: must be at least 7500: tokens of client 'faulty'/);
  });

  it('knows what the server looks at: certificates of clients only where it is told to', async () => {
    const file = temporaryFile('tlsClientCertificateBoundAccessTokens: true', 'client.yaml');
    const { errors } = await client('create', 'faulty', ...service, '--from', file);
    expect(errors).toMatch(/tlsClientCertificateBoundAccessTokens: needs the certificates of clients/);
  });

  it('refuses what everybody knows in production', async () => {
    const file = temporaryFile('clientSecrets: [{ plain: changeme }]', 'client.yaml');
    const production = { ...variables, NODE_ENV: 'production', STS_TLS: 'off', STS_TRUST_PROXY: 'loopback' };
    const args = ['client', 'create', 'faulty', ...service, '--from', file];
    const { exitCode, errors } = await sts(args, { variables: production });
    expect([exitCode, errors]).toEqual([1, expect.stringContaining(`${file}:1:`)]);
    expect(errors).toContain('clientSecrets[0]: is a demo secret');
  });

  it.each([
    [
      'allowedGrantTypes: [client_credentials]\nallowedScope: [api1]',
      /yaml:2:15 allowedScope: is not a property of Client/,
    ],
    ['allowedGrantTypes: client_credentials', /yaml:1:20 allowedGrantTypes: /],
    ['[]', /yaml:1:1 the file: must be an object/],
    ['a: [', /one fault\.\n.*yaml:\d+:\d+ syntax: /],
  ])('says where in the file the fault is: %s', async (text, says) => {
    const { exitCode, errors } = await client('create', 'faulty', '--from', temporaryFile(text, 'client.yaml'));
    expect([exitCode, errors]).toEqual([1, expect.stringMatching(says)]);
    const { json } = await client('create', 'faulty', '--json', '--from', temporaryFile(text, 'client.yaml'));
    expect(json()).toMatchObject({ created: false, faults: [{ line: expect.any(Number), path: expect.any(String) }] });
  });

  it('never takes the place of another, and says whose that is', async () => {
    await client('create', 'twice', ...service);
    const { exitCode, errors } = await client('create', 'twice', ...service);
    expect([exitCode, errors]).toEqual([1, 'There is a client "twice" already. It stays as it is.\n']);
    expect((await client('create', 'machine', ...service)).errors).toContain('which the configuration file declares');
  });

  it('wants one id', async () => {
    const file = temporaryFile('clientId: other', 'client.yaml');
    expect(await client('create', 'one', '--from', file)).toMatchObject({
      exitCode: 2,
      errors: `${file} describes client "other", not one: name one.\n`,
    });
  });
});

describe('sts client list', () => {
  it('shows who declares each client', async () => {
    await client('create', 'listed', ...service);
    const { output } = await client('list');
    expect(output).toMatch(/^CLIENT ID +NAME +GRANTS +ENABLED +FROM\n/);
    expect(output).toMatch(/^machine +client_credentials +yes +file$/m);
    expect(output).toMatch(/^listed +client_credentials +yes +database$/m);
  });
});

describe('sts client rotate-secret', () => {
  it('ends the old secrets at once', async () => {
    await client('create', 'rotated', ...service);
    const { exitCode, output, errors } = await client('rotate-secret', 'rotated');
    expect([exitCode, secretIn(output).length, errors]).toEqual([0, 43, 'No earlier one works any more.\n']);
    expect(await secretsOf('rotated')).toEqual([{ sha256: '(withheld)' }]);
  });

  it('keeps the old ones for a while when asked, none for longer than it had', async () => {
    await client('create', 'kept', ...service);
    await client('rotate-secret', 'kept', '--expires', '2h');
    const { json } = await client('rotate-secret', 'kept', '--keep-old', '24h', '--expires', '90d', '--json');
    expect(json()).toEqual({
      clientId: 'kept',
      clientSecret: expect.stringMatching(/^\S{43}$/),
      expiration: expect.stringMatching(/Z$/),
      earlierSecretsEnd: [expect.stringMatching(/Z$/)],
    });
    const [old, added] = await secretsOf('kept');
    expect(Math.abs(old!.expiration! - now() - 7200)).toBeLessThan(60);
    expect(Math.abs(added!.expiration! - now() - 90 * day)).toBeLessThan(60);
    await client('rotate-secret', 'kept', '--keep-old', '60');
    const ends = (await secretsOf('kept')).map(({ expiration }) => expiration);
    expect(ends).toEqual([expect.any(Number), expect.any(Number), undefined]);
    expect(Math.max(...ends.slice(0, 2).map((end) => end! - now()))).toBeLessThanOrEqual(60);
  });

  it.each([
    [['--keep-old', 'soon'], /^--keep-old must be a span of time such as 24h/],
    [['--expires', '2020-01-31'], /^--expires must be in the future/],
    [['--expires', '2037-02-31'], /^--expires must be in the future/],
    [['--expires', '0'], /^--expires must be in the future/],
  ])('ends with 2 over %j', async (args, says) => {
    expect(await client('rotate-secret', 'machine', ...args)).toMatchObject({
      exitCode: 2,
      errors: expect.stringMatching(says),
    });
  });

  it('has nothing to do for a public client', async () => {
    await client('create', 'public', '--public', '--grant', 'urn:ietf:params:oauth:grant-type:device_code');
    expect(await client('rotate-secret', 'public')).toMatchObject({
      exitCode: 1,
      errors: 'Client "public" is public: it has no secret.\n',
    });
  });
});

describe('What the configuration file declares', () => {
  it.each([['rotate-secret'], ['disable'], ['enable'], ['remove']])(
    'is not for sts client %s to change',
    async (name) => {
      const { exitCode, errors } = await client(name, 'machine');
      expect([exitCode, errors]).toEqual([
        1,
        expect.stringMatching(/^The configuration file declares client "machine": change it there\./),
      ]);
      expect(errors.includes('clientSecrets')).toBe(name === 'rotate-secret');
    },
  );
});

describe('sts client remove', () => {
  it('asks first', async () => {
    await client('create', 'gone', ...service);
    expect(await client('remove', 'gone')).toMatchObject({ exitCode: 2, errors: expect.stringContaining('--yes') });
    const answers = (input: string) => sts(['client', 'remove', 'gone'], { variables, input, isTTY: true });
    expect(await answers('n\n')).toMatchObject({ exitCode: 1, output: '' });
    expect(await answers('y\n')).toMatchObject({ exitCode: 0 });
    expect(await client('remove', 'gone')).toMatchObject({ exitCode: 1, errors: 'There is no client "gone".\n' });
  });
});
