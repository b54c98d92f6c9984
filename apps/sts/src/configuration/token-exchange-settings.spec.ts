import { describe, expect, it } from '@jest/globals';
import { Client, TokenExchangeRules, TrustedIssuer } from '@tessera/resource-model';
import { temporaryFile } from '../temporary-folder.fixture.js';
import { loadSettings } from './settings.js';
import { faultsOf } from './settings-faults.fixture.js';

const text = `
issuer: http://localhost:3000
apiResources: [{ name: orders }, { name: payments }]
clients:
  - clientId: gateway
    allowedGrantTypes: ['urn:ietf:params:oauth:grant-type:token-exchange']
    clientSecrets: [{ plain: a secret }]
    allowedScopes: [payments]
    tokenExchange:
      audiences: [payments]
      subjectTokenClients: [gateway]
      scopes: { orders: [payments] }
trustedIssuers:
  - issuer: https://partner.example
    jwksUri: https://partner.example/keys
    clients: [gateway]
    scopes: [orders]
`;

describe('What the configuration file says of token exchange', () => {
  it('reaches the client, and the issuers that are trusted', async () => {
    const { options } = await loadSettings({ STS_CONFIG: temporaryFile(text) });
    const client = options.clients?.[0] as Client;
    expect(client.tokenExchange).toBeInstanceOf(TokenExchangeRules);
    expect(client.tokenExchange).toMatchObject({
      audiences: ['payments'],
      impersonation: false,
      actorTokenClients: [],
    });
    expect(options.trustedIssuers?.[0]).toBeInstanceOf(TrustedIssuer);
    expect(options.trustedIssuers?.[0]).toMatchObject({ issuer: 'https://partner.example', sameSubjects: false });
  });

  it('is blamed where it stands', async () => {
    const wrong = text
      .replace('audiences: [payments]', 'audience: [payments]')
      .replace('jwksUri', 'jwksUrl')
      .replace('scopes: [orders]', 'scopes: orders');
    expect(await faultsOf(wrong)).toEqual([
      expect.stringMatching(/^sts\.yaml:10:\d+ clients\[0\]\.tokenExchange.audiences: .*should not be empty/),
      expect.stringMatching(/^sts\.yaml:10:\d+ clients\[0\]\.tokenExchange.audience: .*did you mean audiences/),
      expect.stringMatching(/^sts\.yaml:15:\d+ trustedIssuers\[0\]\.jwksUrl: .*did you mean jwksUri/),
      expect.stringMatching(/^sts\.yaml:17:\d+ trustedIssuers\[0\]\.scopes: .*must be an array/),
    ]);
    expect(await faultsOf(text.replace(/trustedIssuers:[^]*/, 'trustedIssuers: partner'))).toEqual([
      expect.stringContaining('trustedIssuers: must be a list'),
    ]);
  });
});
