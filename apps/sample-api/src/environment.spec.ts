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
      secret: 'secret',
      host: 'localhost',
      port: 6001,
      url: 'http://localhost:6001',
      tls: undefined,
    });
  });

  it('has the address of the API from API_URL, from host and port, or not at all where the port is free to choose', () => {
    expect(readEnvironment({ API_URL: 'https://api.example.com' }).url).toBe('https://api.example.com');
    expect(readEnvironment({ API_HOST: '127.0.0.1', API_PORT: '6002' }).url).toBe('http://127.0.0.1:6002');
    expect(readEnvironment({ API_PORT: '0' }).url).toBeUndefined();
    for (const url of ['http://api.example.com', 'https://api.example.com/', 'api.example.com']) {
      expect(faultsOf({ API_URL: url })).toEqual([
        `API_URL is '${url}'; it must be an address like https://api.example.com.`,
      ]);
    }
  });

  it('has the secret from API_SECRET or a file, and never from both', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sample-api-'));
    const [file, empty] = [join(folder, 'secret'), join(folder, 'empty')];
    writeFileSync(file, 'from the file\n');
    writeFileSync(empty, '\n');
    expect(readEnvironment({ API_SECRET: 'from the variable' }).secret).toBe('from the variable');
    expect(readEnvironment({ API_SECRET_FILE: file }).secret).toBe('from the file');
    expect(faultsOf({ API_SECRET: 'a', API_SECRET_FILE: file })).toEqual([
      'API_SECRET and API_SECRET_FILE are both set; give one of them.',
    ]);
    expect(faultsOf({ API_SECRET_FILE: empty })).toEqual([`API_SECRET_FILE is '${empty}', which is empty.`]);
    expect(faultsOf({ API_SECRET_FILE: join(folder, 'absent') })).toEqual([
      expect.stringMatching(/^API_SECRET_FILE is '.*absent', which cannot be read/),
    ]);
    rmSync(folder, { recursive: true });
  });

  it('lists every fault at once', () => {
    expect(
      faultsOf({
        API_ISSUER: 'http://id.example.com',
        API_PORT: '70000',
        API_URL: 'nowhere',
        API_TLS_CERT: 'cert.pem',
      }),
    ).toEqual([
      expect.stringMatching(
        /^API_ISSUER is refused by the guard: issuer: 'http:\/\/id\.example\.com' was given; it must be https/,
      ),
      "API_PORT is '70000'; it must be a number from 0 to 65535.",
      'API_TLS_KEY is not set; give both API_TLS_CERT and API_TLS_KEY, or none.',
      "API_URL is 'nowhere'; it must be an address like https://api.example.com.",
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
