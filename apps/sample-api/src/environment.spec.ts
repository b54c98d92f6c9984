import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

describe('The environment of the sample API', () => {
  it('needs nothing: the defaults are those of the development server, in plain http', () => {
    expect(readEnvironment({ API_PORT: '' })).toEqual({
      issuer: 'https://localhost:5001',
      audience: 'api1',
      host: 'localhost',
      port: 6001,
      tls: undefined,
    });
  });

  it('lists every fault at once', () => {
    expect(faultsOf({ API_ISSUER: 'http://id.example.com', API_PORT: '70000', API_TLS_CERT: 'cert.pem' })).toEqual([
      "API_ISSUER is refused by the guard: issuer: 'http://id.example.com' was given; it must be https (http is accepted for localhost, 127.0.0.1 and [::1] only), such as 'https://id.example.com'.",
      "API_PORT is '70000'; it must be a number from 0 to 65535.",
      'API_TLS_KEY is not set; give both API_TLS_CERT and API_TLS_KEY, or none.',
    ]);
  });

  it.each(['-1', '1e3', 'https', '6001.5', '65536'])('refuses %s as a port', (port) => {
    expect(faultsOf({ API_PORT: port })).toHaveLength(1);
  });

  it('names the files that cannot be read, and those that are no certificate and key', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sample-api-'));
    const file = join(folder, 'not.pem');
    writeFileSync(file, 'no PEM');
    const absent = join(folder, 'absent.pem');
    expect(faultsOf({ API_TLS_CERT: absent, API_TLS_KEY: absent })).toEqual([
      expect.stringMatching(/^API_TLS_CERT is '.*absent\.pem', which cannot be read/),
      expect.stringMatching(/^API_TLS_KEY is '.*absent\.pem', which cannot be read/),
    ]);
    expect(faultsOf({ API_TLS_CERT: file, API_TLS_KEY: file })).toEqual([
      expect.stringContaining('are not a PEM certificate and its key'),
    ]);
    rmSync(folder, { recursive: true });
  });
});
