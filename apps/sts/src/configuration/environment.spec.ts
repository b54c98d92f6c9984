import { availableParallelism } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { temporaryFile } from '../temporary-folder.fixture.js';
import { environmentVariables, readEnvironment } from './environment.js';

type Variables = Record<string, string | undefined>;

const key = Buffer.alloc(32, 7).toString('base64');

const read = (variables: Variables) => readEnvironment(variables).environment;
const faults = (variables: Variables) => readEnvironment(variables).faults;

describe('The environment', () => {
  it('needs nothing to be set', () => {
    expect(readEnvironment({})).toEqual({
      environment: {
        config: 'sts.yaml',
        configApplication: { apply: 'watch', prune: false },
        issuer: undefined,
        host: 'localhost',
        port: 5001,
        tls: { mode: 'dev' },
        trustProxy: false,
        logLevel: 'info',
        data: '.data',
        database: { url: 'sqlite:.data/sts.sqlite', encryptionKeys: undefined, migrate: true },
        workers: 1,
        drainSeconds: 0,
        production: false,
      },
      faults: [],
      warnings: [],
    });
  });

  it('is taken as it is set', () => {
    const variables = {
      STS_CONFIG: '/etc/sts.json',
      STS_CONFIG_APPLY: 'start',
      STS_CONFIG_PRUNE: 'true',
      STS_ISSUER: 'https://id.example.com',
      STS_HOST: '0.0.0.0',
      STS_PORT: '8443',
      STS_TLS: 'files',
      STS_TLS_CERT: 'chain.pem',
      STS_TLS_KEY: 'key.pem',
      STS_TRUST_PROXY: '10.0.0.0/8, loopback,::1',
      STS_LOG_LEVEL: 'warn',
      STS_DATA: '/var/lib/sts',
      STS_DATABASE_URL: 'postgres://sts:word@db/sts',
      STS_ENCRYPTION_KEYS: `${key} ,${key}`,
      STS_DPOP_NONCE_SECRET: 'a secret',
      STS_MIGRATE: 'never',
      STS_WORKERS: '4',
      STS_DRAIN_SECONDS: '20',
      NODE_ENV: 'production',
    };
    expect(readEnvironment(variables)).toEqual({
      environment: {
        config: '/etc/sts.json',
        configApplication: { apply: 'start', prune: true },
        issuer: 'https://id.example.com',
        host: '0.0.0.0',
        port: 8443,
        tls: { mode: 'files', cert: 'chain.pem', key: 'key.pem' },
        trustProxy: ['10.0.0.0/8', 'loopback', '::1'],
        logLevel: 'warn',
        data: '/var/lib/sts',
        database: { url: 'postgres://sts:word@db/sts', encryptionKeys: [key, key], migrate: false },
        dpopNonceSecret: 'a secret',
        workers: 4,
        drainSeconds: 20,
        production: true,
      },
      faults: [],
      warnings: [],
    });
    const inFiles = ['STS_DATABASE_URL_FILE', 'STS_ENCRYPTION_KEYS_FILE', 'STS_DPOP_NONCE_SECRET_FILE'];
    expect([...Object.keys(variables), ...inFiles]).toEqual(expect.arrayContaining([...environmentVariables]));
  });

  it('takes database URL, encryption keys and the secret of nonces out of files', () => {
    const { environment, faults: none } = readEnvironment({
      STS_DATABASE_URL_FILE: temporaryFile('postgres://sts:word@db/sts\n', 'url'),
      STS_ENCRYPTION_KEYS_FILE: temporaryFile(`${key}\n${key}\n`, 'keys'),
      STS_DPOP_NONCE_SECRET_FILE: temporaryFile('a secret\n', 'nonces'),
    });
    expect(none).toEqual([]);
    expect(environment.database).toMatchObject({ url: 'postgres://sts:word@db/sts', encryptionKeys: [key, key] });
    expect(environment.dpopNonceSecret).toBe('a secret');
  });

  it.each([
    [
      { STS_DATABASE_URL: 'mysql://root:hunter2@db/sts' },
      'STS_DATABASE_URL',
      'must be memory:, sqlite:<path> or postgres://',
    ],
    [{ STS_DATABASE_URL: 'sqlite:a.sqlite?synchronous=off' }, 'STS_DATABASE_URL', 'synchronous=full|normal'],
    [{ STS_DATABASE_URL: 'sqlite:' }, 'STS_DATABASE_URL', 'must be memory:'],
    [{ STS_DATABASE_URL: 'memory:', STS_DATABASE_URL_FILE: '/nowhere' }, 'STS_DATABASE_URL', 'given twice'],
    [{ STS_DATABASE_URL_FILE: '/nowhere' }, 'STS_DATABASE_URL_FILE', 'cannot be read: ENOENT'],
    [{ STS_ENCRYPTION_KEYS: 'hunter2' }, 'STS_ENCRYPTION_KEYS', 'Encryption key 1 must be 32 bytes in base64'],
    [{ STS_ENCRYPTION_KEYS: `${key},hunter2` }, 'STS_ENCRYPTION_KEYS', 'Encryption key 2 must be 32 bytes in base64'],
    [{ STS_CONFIG_APPLY: 'always' }, 'STS_CONFIG_APPLY', 'must be one of watch, start, never'],
    [{ STS_CONFIG_PRUNE: 'yes' }, 'STS_CONFIG_PRUNE', 'must be true or false'],
    [{ STS_MIGRATE: 'always' }, 'STS_MIGRATE', 'must be start or never'],
  ])('refuses %j', (variables, path, problem) => {
    const found = faults(variables);
    expect(found.find((fault) => fault.path === path)?.problem).toContain(problem);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it.each([
    [{ STS_WORKERS: '0' }, 'STS_WORKERS', 'must be auto or a number from 1 to 256'],
    [{ STS_WORKERS: '257' }, 'STS_WORKERS', 'must be auto or a number from 1 to 256'],
    [{ STS_WORKERS: '1.5' }, 'STS_WORKERS', 'must be auto or a number from 1 to 256'],
    [{ STS_WORKERS: 'all' }, 'STS_WORKERS', 'must be auto or a number from 1 to 256'],
    [{ STS_WORKERS: '2', STS_DATABASE_URL: 'memory:' }, 'STS_WORKERS', 'needs a database'],
    [{ STS_DRAIN_SECONDS: '5s' }, 'STS_DRAIN_SECONDS', 'must be seconds from 0 to 600'],
    [{ STS_DRAIN_SECONDS: '-1' }, 'STS_DRAIN_SECONDS', 'must be seconds from 0 to 600'],
    [{ STS_DRAIN_SECONDS: '601' }, 'STS_DRAIN_SECONDS', 'must be seconds from 0 to 600'],
  ])('refuses %j', (variables, path, problem) => {
    expect(faults(variables)).toEqual([
      { path, value: variables[path as keyof typeof variables], problem: expect.stringContaining(problem) },
    ]);
  });

  it('takes one worker for each core, where it is left to find out, and one in memory', () => {
    expect(read({ STS_WORKERS: 'auto' }).workers).toBe(availableParallelism());
    expect(faults({ STS_WORKERS: '1', STS_DATABASE_URL: 'memory:' })).toEqual([]);
  });

  it('gives a load balancer some time in production', () => {
    expect(read({ NODE_ENV: 'production' }).drainSeconds).toBe(5);
    expect(read({ NODE_ENV: 'production', STS_DRAIN_SECONDS: '0' }).drainSeconds).toBe(0);
  });

  it('counts an empty variable as absent', () => {
    const empty = Object.fromEntries(environmentVariables.map((name) => [name, ' ']));
    expect(readEnvironment(empty)).toEqual(readEnvironment({}));
  });

  it.each(['0', '1', '65535'])('takes the port %s', (port) => {
    expect(faults({ STS_PORT: port })).toEqual([]);
    expect(read({ STS_PORT: port }).port).toBe(Number(port));
  });

  it.each(['65536', '-1', '1.5', '0x50', '1e3', 'https', '5001 5002'])('refuses the port %s', (port) => {
    expect(faults({ STS_PORT: port })).toMatchObject([{ path: 'STS_PORT', value: port }]);
  });

  it('says what Kubernetes does to STS_PORT, and how to stop it', () => {
    const [fault] = faults({ STS_PORT: 'tcp://10.96.0.12:5001' });
    expect(fault?.problem).toMatch(/Kubernetes.*enableServiceLinks: false/);
  });

  it.each([
    ['dev', { mode: 'dev' }],
    ['off', { mode: 'off' }],
  ])('takes STS_TLS=%s', (mode, tls) => {
    expect(read({ STS_TLS: mode })).toMatchObject({ tls });
  });

  it('takes a named certificate for STS_TLS=files', () => {
    const files = { STS_TLS_CERT: 'c.pem', STS_TLS_KEY: 'k.pem' };
    expect(read(files).tls).toEqual({ mode: 'files', cert: 'c.pem', key: 'k.pem' });
    expect(faults(files)).toEqual([]);
  });

  it('misses the file that a certificate or its key lacks', () => {
    expect(faults({ STS_TLS_CERT: 'c.pem' })).toMatchObject([{ path: 'STS_TLS_KEY' }]);
    expect(faults({ STS_TLS_KEY: 'k.pem' })).toMatchObject([{ path: 'STS_TLS_CERT' }]);
    for (const mode of ['dev', 'off']) {
      expect(faults({ STS_TLS: mode, STS_TLS_CERT: 'c.pem' })).toMatchObject([{ path: 'STS_TLS' }]);
    }
    expect(faults({ STS_TLS: 'files' })).toMatchObject([{ path: 'STS_TLS_CERT' }, { path: 'STS_TLS_KEY' }]);
  });

  it.each([
    ['true', true],
    ['false', false],
    ['loopback', ['loopback']],
    ['192.0.2.1,2001:db8::/32', ['192.0.2.1', '2001:db8::/32']],
  ])('takes STS_TRUST_PROXY=%s', (text, trustProxy) => {
    expect(read({ STS_TRUST_PROXY: text })).toMatchObject({ trustProxy });
    expect(faults({ STS_TRUST_PROXY: text })).toEqual([]);
  });

  it.each(['yes', 'proxy.example.com', '10.0.0.0/8,', '1', '300.1.1.1', '10.0.0.0/33', '2001:db8::/129', '::g'])(
    'refuses STS_TRUST_PROXY=%s',
    (text) => {
      expect(faults({ STS_TRUST_PROXY: text })).toMatchObject([{ path: 'STS_TRUST_PROXY', value: text }]);
    },
  );

  it.each(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])('takes the log level %s', (level) => {
    expect(read({ STS_LOG_LEVEL: level }).logLevel).toBe(level);
  });

  it.each([
    ['STS_TLS', 'on', /dev, off or files/],
    ['STS_LOG_LEVEL', 'verbose', /one of fatal, error, warn/],
  ])('refuses %s=%s and says what would be right', (path, value, problem) => {
    expect(faults({ [path]: value })).toEqual([{ path, value, problem: expect.stringMatching(problem) }]);
  });

  it('tells all its faults at once', () => {
    const found = faults({ STS_PORT: 'x', STS_TLS: 'x', STS_TRUST_PROXY: 'x', STS_LOG_LEVEL: 'x' });
    expect(found.map(({ path }) => path)).toEqual(['STS_PORT', 'STS_TLS', 'STS_TRUST_PROXY', 'STS_LOG_LEVEL']);
  });

  it('warns of a mistyped variable, and not of those that Kubernetes sets', () => {
    const variables = { STS_ISUER: 'x', STS_SERVICE_HOST: 'x', STS_PORT_5001_TCP_ADDR: 'x', PATH: 'x' };
    expect(readEnvironment(variables).warnings).toEqual([
      'STS_ISUER is not a variable of this server; did you mean STS_ISSUER?',
    ]);
  });
});
