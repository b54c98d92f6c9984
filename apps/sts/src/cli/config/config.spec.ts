import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { secrets, smallConfiguration } from '../../running-sts.fixture.js';
import { temporaryFile, temporaryFolder } from '../../temporary-folder.fixture.js';
import { sts } from '../running-cli.fixture.js';

const wrong = smallConfiguration.replace('[client_credentials]', 'client_credentials');

describe('sts config validate', () => {
  it('finds a good file good', async () => {
    const file = temporaryFile(smallConfiguration);
    const { exitCode, output } = await sts(['config', 'validate', file]);
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: `${file} is valid.\n` });
    expect((await sts(['config', 'validate', '--json'], { variables: { STS_CONFIG: file } })).json()).toMatchObject({
      valid: true,
      file,
      faults: [],
    });
  });

  it('shows every fault with its place, and ends with 1', async () => {
    const file = temporaryFile(wrong);
    const { exitCode, output, errors } = await sts(['config', 'validate', file]);
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' });
    expect(errors).toContain(`${file} is not valid: it has one fault.\n  ${file}:10:24 clients[0].allowedGrantTypes: `);
  });

  it('gives programs the parts of a fault', async () => {
    const file = temporaryFile(wrong);
    const { exitCode, json } = await sts(['config', 'validate', file, '--json'], { variables: { STS_PORT: 'x' } });
    expect(exitCode).toBe(1);
    expect(json()).toMatchObject({
      valid: false,
      file,
      faults: [
        { path: 'STS_PORT', message: expect.stringContaining('must be a port') },
        { path: 'clients[0].allowedGrantTypes', line: 10, column: 24, message: expect.stringContaining('must be') },
      ],
    });
  });
});

describe('sts config export', () => {
  const variables = {
    STS_DATABASE_URL: 'postgres://sts:hunter2-pg@db.example.com/sts?sslpassword=hunter2-ssl',
    STS_DATA: temporaryFolder(),
  };

  it('shows every default, as YAML and as JSON', async () => {
    const file = temporaryFile(smallConfiguration);
    const [asYaml, asJson] = [await sts(['config', 'export', file]), await sts(['config', 'export', file, '--json'])];
    expect(asYaml.exitCode).toBe(0);
    expect(parse(asYaml.output)).toEqual(asJson.json());
    expect(asJson.json()).toMatchObject({
      environment: { host: 'localhost', port: 5001 },
      configuration: {
        issuer: 'https://id.example.com',
        endpoints: { token: true },
        clients: [{ clientId: 'machine', accessTokenLifetime: 3600 }, { clientId: 'app' }],
        users: [{ username: 'carol' }],
      },
    });
  });

  it('shows no secret, no password, and no hash of one', async () => {
    const salted = 'clientId: app\n    pairwiseSubjectSalt: salt-hunter2-of-pairwise-subjects';
    const file = temporaryFile(smallConfiguration.replace('clientId: app', salted));
    const { output, exitCode } = await sts(['config', 'export', file, '--json'], { variables });
    expect(exitCode).toBe(0);
    expect(output).not.toMatch(/hunter2|argon2/);
    const { clients, apiResources, users } = JSON.parse(output).configuration;
    const [{ value: ofClient }, { value: ofApi }] = [clients[0].clientSecrets[0], apiResources[0].apiSecrets[0]];
    const given = [ofClient, ofApi, users[0].passwordHash, clients[1].pairwiseSubjectSalt];
    expect(new Set(given)).toEqual(new Set(['(withheld)']));
    expect(Object.values(secrets).some((secret) => output.includes(secret))).toBe(false);
  });
});
