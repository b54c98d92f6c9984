import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { temporaryFile } from '../../temporary-folder.fixture.js';
import { sts } from '../running-cli.fixture.js';

const file = temporaryFile(`
issuer: https://id.example.com
signingAlgorithms: [ES256]
identityResources: [openid]
clients:
  - clientId: web
    allowedGrantTypes: [authorization_code]
    redirectUris: ['https://app.example.com/cb']
    clientSecrets: [{ sha256: K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols= }]
    allowedScopes: [openid]
    requirePkce: false
  - clientId: bank
    profile: fapi2-security
    allowedGrantTypes: [authorization_code]
    redirectUris: ['https://bank.example.com/cb']
    jwksUri: https://bank.example.com/jwks
    tokenEndpointAuthSigningAlg: ES256
    requireDpop: true
    allowedScopes: [openid]
`);

describe('sts conformance', () => {
  it('shows for each client which rules hold, and what would mend those that do not', async () => {
    const { exitCode, output } = await sts(['conformance', file]);
    expect(exitCode).toBe(1);
    expect(output).toContain('web: 5 of 6 rules of oauth21 hold\n');
    expect(output).toMatch(
      /NO {2}Authorization codes come with a proof key \(PKCE\)\. +OAuth 2\.1 §4\.1\.1\n +needs requirePkce: true\n/,
    );
    expect(output).toMatch(/bank: (\d+) of \1 rules of fapi2-security hold, which it is held to\n/);
    expect(output.match(/ NO /g)).toHaveLength(1);
  });

  it('ends with 0 where all rules hold', async () => {
    expect((await sts(['conformance', file, '--client', 'bank'])).exitCode).toBe(0);
  });

  it('compares a client with a profile that it is not held to', async () => {
    const { exitCode, json } = await sts([
      'conformance',
      file,
      '--profile',
      'fapi2-security',
      '--client',
      'web',
      '--json',
    ]);
    expect(exitCode).toBe(1);
    expect(json()).toEqual([
      expect.objectContaining({ clientId: 'web', profile: 'fapi2-security', isHeldToIt: false }),
    ]);
  });

  it('names what there is where a client or a profile is not known', async () => {
    expect((await sts(['conformance', file, '--client', 'nobody'])).errors).toContain('There is no client "nobody"');
    const { exitCode, errors } = await sts(['conformance', file, '--profile', 'fapi3']);
    expect([exitCode, errors]).toEqual([2, expect.stringContaining('oauth21, mcp, fapi2-security')]);
  });
});

describe('A profile of the whole file', () => {
  it('holds every client that names no other to its rules', async () => {
    const strict = temporaryFile(
      readFileSync(file, 'utf8').replace('signingAlgorithms', 'profile: oauth21\nsigningAlgorithms'),
    );
    const { exitCode, errors } = await sts(['config', 'validate', strict]);
    expect(exitCode).toBe(1);
    expect(errors).toContain("clients[0].requirePkce: breaks profile 'oauth21'");
    expect(errors).not.toContain('clients[1]');
  });
});

describe('sts config explain', () => {
  it('says of each setting whether the file, the profile or the default set it, and what locks it', async () => {
    const { exitCode, output } = await sts(['config', 'explain', file, '--client', 'bank']);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/^bank is held to fapi2-security\.\n/);
    expect(output).toMatch(/^requireDpop +true +file\n +locked: Its access tokens are bound to a key/m);
    expect(output).toMatch(/^requirePushedAuthorization +true +profile\n +locked: Authorize requests are pushed\./m);
    expect(output).toMatch(/^accessTokenLifetime +3600 +default$/m);
  });

  it('gives programs the same', async () => {
    const { json } = await sts(['config', 'explain', file, '--client', 'web', '--json']);
    expect(json()).toMatchObject({ clientId: 'web' });
    const { settings } = json() as { settings: { name: string; from: string }[] };
    expect(settings.find(({ name }) => name === 'requirePkce')).toEqual({
      name: 'requirePkce',
      value: false,
      from: 'file',
      lockedBy: [],
    });
  });
});
