import { describe, expect, it } from '@jest/globals';
import { runSts, smallConfiguration } from '../running-sts.fixture.js';
import { temporaryFile } from '../temporary-folder.fixture.js';
import { loadSettings } from './settings.js';

const initialAccessToken = '1nitial-hunter2-T3Kn';
const registration = `
registration:
  mode: initial-access-token
  policy: { scopes: [openid] }
  initialAccessTokens:
    - name: partner
      secret: { plain: ${initialAccessToken} }
      policy: { grantTypes: [client_credentials], scopes: [api1] }
  softwareStatements:
    issuers: [{ issuer: 'https://vendors.example.com', keys: [{ kty: EC }] }]
clientIdMetadataDocuments:
  hosts: [.example.com]
  policy: { resources: [api1] }
`;

const faultsOf = async (text: string): Promise<string> => {
  const loading = loadSettings({ STS_CONFIG: temporaryFile(smallConfiguration + text), STS_DATABASE_URL: 'memory:' });
  return loading.then(
    () => '',
    (error: Error) => error.message,
  );
};

describe('Registration as the file has it', () => {
  it('lets clients register with JSON, manage themselves and get tokens, and logs no secret of theirs', async () => {
    const sts = await runSts({}, smallConfiguration + registration);
    const register = (body: string) =>
      fetch(`${sts.url}/connect/register`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${initialAccessToken}`, 'content-type': 'application/json' },
      });
    const answer = await register(JSON.stringify({ grant_types: ['client_credentials'], client_name: 'The machine' }));
    const client = (await answer.json()) as Record<string, string>;
    expect([answer.status, client.scope, client.client_name]).toEqual([201, 'api1', 'The machine']);
    const token = await fetch(`${sts.url}/connect/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: client.client_id!,
        client_secret: client.client_secret!,
      }),
    });
    // The usual method is Basic, and no other.
    expect(token.status).toBe(401);
    const manage = (method: string, body?: object) =>
      fetch(`${sts.url}/connect/register/${client.client_id!}`, {
        method,
        body: body && JSON.stringify(body),
        headers: {
          authorization: `Bearer ${client.registration_access_token!}`,
          ...(body && { 'content-type': 'application/json' }),
        },
      });
    const changed = { client_id: client.client_id, grant_types: ['client_credentials'] };
    expect((await manage('PUT', changed)).status).toBe(200);
    expect(await (await manage('GET')).json()).not.toHaveProperty('client_name');
    expect((await manage('DELETE')).status).toBe(204);
    expect((await manage('GET')).status).toBe(401);
    const broken = await register('{"client_name":');
    expect([broken.status, ((await broken.json()) as { error: string }).error]).toEqual([
      400,
      'invalid_client_metadata',
    ]);
    for (const secret of [initialAccessToken, client.client_secret!, client.registration_access_token!]) {
      expect(sts.logText()).not.toContain(secret);
    }
  });

  it.each([
    ['registration: { mode: closed }', 'registration.mode: '],
    ['registration: { policy: { grantTypes: [] } }', 'registration.policy.grantTypes: '],
    ['registration: { policy: { redirectHosts: [https://app.example.com] } }', 'registration.policy.redirectHosts: '],
    ['registration: { policy: { scopes: [api9] } }', 'registration.policy.scopes: is no identity resource'],
    ['registration: { polcy: {} }', 'registration.polcy: is not a property of RegistrationRules'],
    ['registration: { initialAccessTokens: [{ name: a }] }', 'registration.initialAccessTokens[0].secret: '],
    ['registration: { initialAccessTokens: partner }', 'registration.initialAccessTokens: must be a list'],
    [
      'registration: { softwareStatements: { issuers: [{ issuer: x }] } }',
      'registration.softwareStatements.issuers[0].keys: ',
    ],
    ['clientIdMetadataDocuments: { hosts: [app.example.com/x] }', 'clientIdMetadataDocuments.hosts: '],
    ['clientIdMetadataDocuments: { minAge: 100, maxAge: 50 }', 'clientIdMetadataDocuments.minAge: must not be more'],
    ['clientIdMetadataDocuments: { policy: { resources: [api9] } }', 'clientIdMetadataDocuments.policy.resources: '],
  ])('says what is wrong in %s', async (text, fault) => expect(await faultsOf(text)).toContain(fault));

  it('finds nothing wrong in what is right', async () => expect(await faultsOf(registration)).toBe(''));
});
