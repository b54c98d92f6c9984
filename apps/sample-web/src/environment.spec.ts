import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { EnvironmentError, readEnvironment } from './environment.js';

function faultsOf(variables: Record<string, string>): readonly string[] {
  try {
    readEnvironment(variables);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults;
    throw error;
  }
  return [];
}

describe('The environment of the sample web application', () => {
  it('needs nothing: the defaults are those of the demonstration', () => {
    expect(readEnvironment({ WEB_PORT: '' })).toEqual({
      issuer: 'https://localhost:5001',
      clientId: 'web_client',
      clientSecret: 'secret',
      api: 'https://localhost:6001',
      url: 'https://localhost:7001',
      host: 'localhost',
      port: 7001,
      tls: undefined,
    });
  });

  it('has its own address follow the port, unless it is given', () => {
    expect(readEnvironment({ WEB_PORT: '7002' }).url).toBe('https://localhost:7002');
    expect(readEnvironment({ WEB_PORT: '7002', WEB_URL: 'https://web.example/' }).url).toBe('https://web.example');
  });

  it('lists every fault at once', () => {
    const variables = { WEB_ISSUER: 'http://id.example', WEB_API: 'api', WEB_URL: 'http://localhost:7001' };
    expect(faultsOf({ ...variables, WEB_PORT: '0', WEB_TLS_CERT: 'cert.pem' })).toEqual([
      "WEB_PORT is '0'; it must be a number from 1 to 65535.",
      expect.stringContaining("WEB_ISSUER is 'http://id.example'; it must be an https address"),
      expect.stringContaining("WEB_API is 'api'; it must be an https address"),
      "WEB_URL is 'http://localhost:7001'; it must be an https address without a path, such as https://localhost:7001.",
      'WEB_TLS_KEY is not set; give both WEB_TLS_CERT and WEB_TLS_KEY, or none.',
    ]);
  });

  it.each(['-1', '1e3', 'https', '7001.5', '65536'])('refuses %s as a port', (port) => {
    expect(faultsOf({ WEB_PORT: port })).toHaveLength(1);
  });

  it.each(['https://user:password@id.example', 'https://id.example?a=b', 'https://id.example#a', 'ftp://localhost'])(
    'refuses %s as an issuer',
    (issuer) => {
      expect(faultsOf({ WEB_ISSUER: issuer })).toHaveLength(1);
    },
  );

  it.each(['https://web.example/app', 'https://web.example?a', 'https://user@web.example', 'web.example'])(
    'refuses %s as its own address',
    (url) => {
      expect(faultsOf({ WEB_URL: url })).toHaveLength(1);
    },
  );

  it.each(['http://localhost:5001', 'http://127.0.0.1:5001', 'http://[::1]:5001', 'https://id.example/tenant'])(
    'takes %s as an issuer',
    (issuer) => {
      expect(readEnvironment({ WEB_ISSUER: issuer }).issuer).toBe(issuer);
    },
  );

  it('names the files that cannot be read, and those that are no certificate and key', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sample-web-'));
    const file = join(folder, 'not.pem');
    writeFileSync(file, 'no PEM');
    const absent = join(folder, 'absent.pem');
    expect(faultsOf({ WEB_TLS_CERT: absent, WEB_TLS_KEY: absent })).toEqual([
      expect.stringMatching(/^WEB_TLS_CERT is '.*absent\.pem', which cannot be read/),
      expect.stringMatching(/^WEB_TLS_KEY is '.*absent\.pem', which cannot be read/),
    ]);
    expect(faultsOf({ WEB_TLS_CERT: file, WEB_TLS_KEY: file })).toEqual([
      expect.stringContaining('are not a PEM certificate and its key'),
    ]);
    rmSync(folder, { recursive: true });
  });
});
