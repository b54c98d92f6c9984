import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ApiResource,
  ApiScope,
  type AuthorizationDetail,
  type AuthorizationDetailType,
  DetailRules,
  JsonSchemaDetailRules,
  Secret,
  sha256,
} from '@tessera/token-server';
import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { PlainBrowser, type Shown } from '../plain-browser.js';
import { basic, type RunningServer, seed } from '../running-server.js';
import { redirectUri, startForPeople, webClient } from '../security/people.fixture.js';

const payment = {
  type: 'payment_initiation',
  instructedAmount: { currency: 'EUR', amount: '123.50' },
  creditorName: 'Merchant A',
};
const otherPayment = { ...payment, creditorName: 'Merchant B' };
const accounts = { type: 'account_information', actions: ['list_accounts', 'read_balances'] };
const note = { type: 'note', text: 'seen by all' };

const authorizationDetailTypes = [
  {
    type: payment.type,
    displayName: 'Payment',
    text: {
      en: 'Transfer {instructedAmount.amount} {instructedAmount.currency} to {creditorName}',
      de: 'Überweisung von {instructedAmount.amount} {instructedAmount.currency} an {creditorName}',
    },
    resource: 'https://payments.example.com',
    schema: {
      properties: {
        instructedAmount: {
          type: 'object',
          properties: {
            currency: { type: 'string', pattern: '^[A-Z]{3}$' },
            amount: { type: 'string', maxLength: 20 },
          },
          required: ['currency', 'amount'],
        },
        creditorName: { type: 'string', maxLength: 70 },
      },
      required: ['instructedAmount', 'creditorName'],
    },
  },
  {
    type: accounts.type,
    schema: { properties: { actions: { type: 'array', items: { enum: ['list_accounts', 'read_balances'] } } } },
    resource: 'https://accounts.example.com',
  },
  { type: note.type, schema: { properties: { text: { type: 'string' } } } },
  { type: 'unused', schema: {} },
];
const types = [payment.type, accounts.type, note.type];
const json = (...details: readonly AuthorizationDetail[]) => JSON.stringify(details);

const apis = [
  new ApiResource('https://payments.example.com', 'Payments', {
    scopes: ['payments'],
    apiSecrets: [new Secret(sha256('secret'))],
  }),
  new ApiResource('https://accounts.example.com', 'Accounts', {
    scopes: ['accounts'],
    apiSecrets: [new Secret(sha256('secret'))],
  }),
];

/** The application's own: a payment lies within another one to the same receiver that is no smaller. */
class PaymentRules extends JsonSchemaDetailRules {
  override isWithin(type: AuthorizationDetailType, asked: AuthorizationDetail, granted: AuthorizationDetail): boolean {
    if (type.type !== payment.type) return super.isWithin(type, asked, granted);
    const [one, other] = [asked as typeof payment, granted as typeof payment];
    const isSmaller = Number(one.instructedAmount.amount) <= Number(other.instructedAmount.amount);
    const asGranted = { ...one, instructedAmount: other.instructedAmount };
    return isSmaller && super.isWithin(type, asGranted, granted);
  }
}

/** What both libraries make of an answer. */
type Tokens = client.TokenEndpointResponse;

describe('Rich authorization requests (RFC 9396)', () => {
  let server: RunningServer;
  let config: client.Configuration;

  const configuration = async (clientId: string) =>
    client.discovery(new URL(server.url), clientId, 'secret', undefined, { [client.customFetch]: server.fetch });

  beforeAll(async () => {
    const scopes = { allowedScopes: ['openid', 'payments', 'accounts'] };
    server = await startForPeople(
      [
        webClient('web', { ...scopes, authorizationDetailsTypes: types }),
        webClient('opaque', { ...scopes, authorizationDetailsTypes: types, accessTokenType: 'reference' }),
        webClient('robot', {
          ...scopes,
          allowedGrantTypes: ['client_credentials'],
          redirectUris: [],
          authorizationDetailsTypes: types,
        }),
        webClient('terminal', {
          ...scopes,
          allowedGrantTypes: ['urn:ietf:params:oauth:grant-type:device_code', 'password'],
          redirectUris: [],
          authorizationDetailsTypes: types,
        }),
      ],
      {
        options: {
          apiResources: [...seed.apiResources, ...apis],
          apiScopes: [new ApiScope('payments'), new ApiScope('accounts')],
          authorizationDetailTypes,
          providers: [{ provide: DetailRules, useClass: PaymentRules }],
        },
      },
    );
    config = await configuration('web');
  });
  afterAll(() => server.close());

  async function begin(details: string, more: Record<string, string> = {}, configured = config) {
    const verifier = client.randomPKCECodeVerifier();
    const url = client.buildAuthorizationUrl(configured, {
      redirect_uri: redirectUri,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      authorization_details: details,
      ...more,
    });
    return { url, checks: { pkceCodeVerifier: verifier } };
  }

  /** Alice signs in and is asked. */
  async function asked(url: URL, headers = {}): Promise<{ browser: PlainBrowser; page: Shown }> {
    const browser = new PlainBrowser(server, headers);
    return { browser, page: await browser.signIn(await browser.open(url)) };
  }

  /** The tokens that come of a request once alice has agreed. */
  async function granted(details: string, more: Record<string, string> = {}, atToken: Record<string, string> = {}) {
    const { url, checks } = await begin(details, more);
    const { browser, page } = await asked(url);
    const back = await browser.submit(page, { decision: 'allow' });
    return client.authorizationCodeGrant(config, back.url, checks, atToken);
  }

  const claimsOf = ({ access_token }: Tokens) => decodeJwt(access_token);

  test('§2: are asked in words, agreed to, and are in response and access token (§7, §9.1)', async () => {
    const { url, checks } = await begin(json(payment), { scope: 'openid payments' });
    const { browser, page } = await asked(url);
    expect(page.url.pathname).toBe('/consent');
    expect(page.text.replace(/[\u2068\u2069]/g, '')).toContain('Transfer 123.50 EUR to Merchant A');
    expect(page.text).toContain('At Payments');
    const back = await browser.submit(page, { decision: 'allow' });
    const tokens = await client.authorizationCodeGrant(config, back.url, { ...checks, idTokenExpected: true });
    expect(tokens.authorization_details).toEqual([payment]);
    expect(claimsOf(tokens)).toMatchObject({
      aud: 'https://payments.example.com',
      scope: 'openid payments',
      authorization_details: [payment],
    });
  });

  test('§3: stand alone, and then no scope is added', async () => {
    const tokens = await granted(json(payment));
    expect([tokens.scope, claimsOf(tokens).aud]).toEqual(['', 'https://payments.example.com']);
    expect(tokens.authorization_details).toEqual([payment]);
  });

  test('are asked in the language of the person', async () => {
    const { page } = await asked((await begin(json(payment))).url, { 'accept-language': 'de' });
    expect(page.text.replace(/[\u2068\u2069]/g, '')).toContain('Überweisung von 123.50 EUR an Merchant A');
  });

  test('each element is shown, one whose type has no words with all its members', async () => {
    const { page } = await asked((await begin(json(payment, accounts))).url);
    expect(page.text).toContain('Merchant A');
    expect(page.text).toMatch(/actions\.0\s*list_accounts actions\.1\s*read_balances/);
  });

  test('are asked for each time: an answer is never remembered, whatever client and person want', async () => {
    const { url } = await begin(json(payment));
    const { browser, page } = await asked(url);
    expect(page.html).not.toContain('name="remember"');
    await browser.submit(page, { decision: 'allow', remember: 'yes' });
    expect((await browser.open((await begin(json(payment))).url)).url.pathname).toBe('/consent');
    const silent = await browser.open((await begin(json(payment), { prompt: 'none' })).url);
    expect(silent.url.searchParams.get('error')).toBe('consent_required');
    // The same client without details is not asked about at all.
    const plain = await browser.open((await begin('', { prompt: 'none', scope: 'openid' })).url);
    expect(plain.url.searchParams.has('code')).toBe(true);
  });

  test('a person who denies them gives nothing', async () => {
    const { url, checks } = await begin(json(payment));
    const { browser, page } = await asked(url);
    const back = await browser.submit(page, { decision: 'deny' });
    await expect(client.authorizationCodeGrant(config, back.url, checks)).rejects.toMatchObject({
      error: 'access_denied',
    });
  });

  test('§5: what is refused is told to the client as invalid_authorization_details', async () => {
    const { url, checks } = await begin(json({ ...payment, creditorName: 7 }));
    const back = await new PlainBrowser(server).open(url);
    await expect(client.authorizationCodeGrant(config, back.url, checks)).rejects.toMatchObject({
      error: 'invalid_authorization_details',
      error_description: expect.stringContaining("[0] does not fit its type 'payment_initiation': creditorName must"),
    });
  });

  test('§6: the token request may narrow them; the refresh token stands for all (§6.1)', async () => {
    const scope = 'offline_access';
    const tokens = await granted(json(payment, otherPayment), { scope }, { authorization_details: json(payment) });
    expect(tokens.authorization_details).toEqual([payment]);
    expect(claimsOf(tokens).authorization_details).toEqual([payment]);
    const all = await client.refreshTokenGrant(config, tokens.refresh_token!);
    expect(all.authorization_details).toEqual([payment, otherPayment]);
    const one = await client.refreshTokenGrant(config, all.refresh_token!, {
      authorization_details: json(otherPayment),
    });
    expect([one.authorization_details, claimsOf(one).authorization_details]).toEqual([[otherPayment], [otherPayment]]);
    const again = await client.refreshTokenGrant(config, one.refresh_token!);
    expect(again.authorization_details).toEqual([payment, otherPayment]);
  });

  test('§6: what lies within a granted element is for the rules of the application to say', async () => {
    const { refresh_token } = await granted(json(payment), { scope: 'offline_access' });
    const ofAmount = (amount: string) => ({ ...payment, instructedAmount: { currency: 'EUR', amount } });
    const refresh = (amount: string) =>
      client.refreshTokenGrant(config, refresh_token!, { authorization_details: json(ofAmount(amount)) });
    await expect(refresh('123.51')).rejects.toMatchObject({ error: 'invalid_authorization_details' });
    expect((await refresh('100.00')).authorization_details).toEqual([ofAmount('100.00')]);
  });

  test('§9.1: an access token carries those of its APIs, and those of no API in particular', async () => {
    const resource = 'https://accounts.example.com';
    const tokens = await granted(json(payment, accounts, note), {}, { resource });
    expect(claimsOf(tokens)).toMatchObject({ aud: resource, authorization_details: [accounts, note] });
    expect(tokens.authorization_details).toEqual([accounts, note]);
  });

  test('§9.2: introspection tells each API of its own, and the client of all', async () => {
    const opaque = await configuration('opaque');
    const { url, checks } = await begin(json(payment, accounts, note), { scope: 'offline_access' }, opaque);
    const { browser, page } = await asked(url);
    const back = await browser.submit(page, { decision: 'allow' });
    const tokens = await client.authorizationCodeGrant(opaque, back.url, checks);
    const ask = async (token: string, who: string) =>
      (await server.form('connect/introspect', { token }, basic(who))).body as Record<string, unknown>;
    const seen = await ask(tokens.access_token, 'https://payments.example.com');
    expect(seen).toMatchObject({
      active: true,
      aud: 'https://payments.example.com',
      authorization_details: [payment, note],
    });
    for (const token of [tokens.access_token, tokens.refresh_token!]) {
      expect(await ask(token, 'opaque')).toMatchObject({ authorization_details: [payment, accounts, note] });
    }
  });

  test('a device shows a code, and the page says in words what the person agrees to (RFC 8628)', async () => {
    const terminal = await configuration('terminal');
    const device = await client.initiateDeviceAuthorization(terminal, {
      scope: 'offline_access',
      authorization_details: json(payment, accounts),
    });
    const browser = new PlainBrowser(server);
    const page = await browser.signIn(await browser.open(`${server.url}/device`));
    const confirm = await browser.submit(page, { user_code: device.user_code });
    expect(confirm.text.replace(/[\u2068\u2069]/g, '')).toContain('Transfer 123.50 EUR to Merchant A');
    await browser.submit(confirm, { decision: 'allow', scope: 'offline_access' });
    const tokens = await client.pollDeviceAuthorizationGrant(terminal, { ...device, interval: 0 });
    expect(tokens.authorization_details).toEqual([payment, accounts]);
    expect(claimsOf(tokens)).toMatchObject({ authorization_details: [payment, accounts] });
    const refreshed = await client.refreshTokenGrant(terminal, tokens.refresh_token!, {
      authorization_details: json(payment),
    });
    expect(refreshed.authorization_details).toEqual([payment]);
  });

  test('a device that asks for what it may not have gets no code', async () => {
    const terminal = await configuration('terminal');
    const asking = client.initiateDeviceAuthorization(terminal, { authorization_details: json({ type: 'unused' }) });
    await expect(asking).rejects.toMatchObject({ error: 'invalid_authorization_details' });
  });

  test('a trusted client with the password of a person names them at the token endpoint (§6)', async () => {
    const terminal = await configuration('terminal');
    const ask = (details: string) =>
      client.genericGrantRequest(terminal, 'password', {
        username: 'alice',
        password: 'alice',
        authorization_details: details,
      });
    expect((await ask(json(payment))).authorization_details).toEqual([payment]);
    await expect(ask(json({ ...payment, creditorName: 7 }))).rejects.toMatchObject({
      error: 'invalid_authorization_details',
    });
  });

  test('§10: discovery says which types there are for clients', async () => {
    expect(config.serverMetadata().authorization_details_types_supported).toEqual(types);
  });

  test('oauth4webapi, a client that acts for itself: details at the token endpoint (§6)', async () => {
    const issuer = new URL(server.url);
    const options = { [oauth.customFetch]: server.fetch };
    const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
    const robot = { client_id: 'robot' };
    const ask = async (details: string) => {
      const parameters = { authorization_details: details };
      const secret = oauth.ClientSecretBasic('secret');
      const response = await oauth.clientCredentialsGrantRequest(as, robot, secret, parameters, options);
      return oauth.processClientCredentialsResponse(as, robot, response);
    };
    const tokens = await ask(json(payment));
    expect(tokens.authorization_details).toEqual([payment]);
    expect(claimsOf(tokens)).toMatchObject({ sub: 'robot', authorization_details: [payment] });
    await expect(ask(json({ type: 'unused' }))).rejects.toMatchObject({ error: 'invalid_authorization_details' });
  });
});
