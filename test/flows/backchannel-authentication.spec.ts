import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { BackchannelNotifier, type BackchannelQuestion, type ClientInit, Secret, sha256 } from '@tessera/token-server';
import { decodeJwt, exportJWK, generateKeyPair } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { NotificationEndpoint } from '../notification-endpoint.js';
import { PlainBrowser, type Shown } from '../plain-browser.js';
import { type RunningServer, seed, startServer } from '../running-server.js';

const ciba = 'urn:openid:params:grant-type:ciba';
const scope = 'openid profile api1';

const amount = { type: 'object', properties: { amount: { type: 'string' } } };

/** What an application sends to people's telephones. */
class Telephones extends BackchannelNotifier {
  readonly messages: BackchannelQuestion[] = [];

  async notify(question: BackchannelQuestion): Promise<void> {
    this.messages.push(question);
  }
}

const bank = (clientId: string, difference: Partial<ClientInit> = {}): ClientInit => ({
  clientId,
  clientName: 'The Bank',
  allowedGrantTypes: [ciba],
  backchannelTokenDeliveryMode: 'poll',
  clientSecrets: [new Secret(sha256('secret'))],
  allowedScopes: ['openid', 'profile', 'api1'],
  allowOfflineAccess: true,
  authorizationDetailsTypes: ['payment'],
  ...difference,
});

describe.each(['fastify', 'express'] as const)('A client and the person whom it asks (CIBA), on %s', (adapter) => {
  const telephones = new Telephones();
  let server: RunningServer;
  let endpoint: NotificationEndpoint;
  let keys: Awaited<ReturnType<typeof generateKeyPair>>;

  beforeAll(async () => {
    endpoint = await NotificationEndpoint.start();
    keys = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(keys.publicKey)), kty: 'EC', kid: 'one' };
    const clients = [
      ...seed.clients,
      bank('bank'),
      bank('told', {
        backchannelTokenDeliveryMode: 'ping',
        backchannelClientNotificationEndpoint: endpoint.url,
      }),
      bank('bound', { requireDpop: true }),
      bank('signer', {
        clientSecrets: [],
        tokenEndpointAuthMethod: 'private_key_jwt',
        jwks: { keys: [jwk] },
        backchannelAuthenticationRequestSigningAlg: 'ES256',
      }),
    ];
    server = await startServer({
      adapter,
      tls: true,
      options: {
        clients,
        authorizationDetailTypes: [{ type: 'payment', displayName: 'A payment', schema: amount }],
        imports: [AccountsModule, PagesModule],
        outgoing: { allowPrivateAddresses: true, certificateAuthorities: [endpoint.ca] },
        providers: [{ provide: BackchannelNotifier, useValue: telephones }],
      },
    });
  });
  beforeEach(() => void (telephones.messages.length = 0));
  afterAll(async () => {
    endpoint.close();
    await server.close();
  });

  /** The person follows the link of the last message and signs in. */
  async function open(username = 'alice'): Promise<{ readonly browser: PlainBrowser; readonly page: Shown }> {
    const browser = new PlainBrowser(server);
    const page = await browser.open(telephones.messages.at(-1)!.url);
    return { browser, page: await browser.signIn(page, username) };
  }

  async function decide(decision: 'allow' | 'deny', scopes = scope.split(' ')): Promise<void> {
    const { browser, page } = await open();
    expect(page.text).toContain('The Bank asks you to confirm');
    const done = await browser.submit(page, { scope: scopes, decision });
    expect(done.url.pathname).toBe('/backchannel/done');
  }

  describe('openid-client', () => {
    const discover = (clientId: string, authentication = openid.ClientSecretBasic('secret')) =>
      openid.discovery(new URL(server.url), clientId, undefined, authentication, {
        [openid.customFetch]: server.fetch,
      });
    /** The first poll need not wait: the server has seen none before it. */
    const poll = (
      config: openid.Configuration,
      begun: oauth.BackchannelAuthenticationResponse,
      DPoP?: openid.DPoPHandle,
    ) => openid.pollBackchannelAuthenticationGrant(config, { ...begun, interval: 0.01 }, undefined, { DPoP });

    test('polls until the person has allowed it', async () => {
      const config = await discover('bank');
      const asked = { scope, login_hint: 'alice', binding_message: 'Till 4: W4SCT', requested_expiry: '120' };
      const begun = await openid.initiateBackchannelAuthentication(config, asked);
      expect(begun).toMatchObject({ auth_req_id: expect.any(String), expires_in: 120, interval: 5 });
      expect((await open()).page.text).toContain('Till 4: W4SCT');
      await decide('allow', ['openid', 'api1']);
      const tokens = await poll(config, begun);
      expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'openid api1' });
      expect(tokens.claims()).toMatchObject({ sub: '1', aud: 'bank', amr: ['pwd'] });
      const userinfo = await openid.fetchUserInfo(config, tokens.access_token, '1');
      expect(userinfo.sub).toBe('1');
    });

    test('finds the person again by the id_token, and may have a refresh token', async () => {
      const config = await discover('bank');
      const first = await openid.initiateBackchannelAuthentication(config, { scope: 'openid', login_hint: 'alice' });
      await decide('allow');
      const { id_token } = await poll(config, first);
      const asked = { scope: 'openid offline_access', id_token_hint: id_token! };
      const second = await openid.initiateBackchannelAuthentication(config, asked);
      await decide('allow', ['openid', 'offline_access']);
      const tokens = await poll(config, second);
      const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token!);
      expect(refreshed).toMatchObject({ access_token: expect.any(String), scope: 'openid offline_access' });
    });

    test('learns that the person refused', async () => {
      const config = await discover('bank');
      const begun = await openid.initiateBackchannelAuthentication(config, { scope, login_hint: 'alice' });
      await decide('deny');
      await expect(poll(config, begun)).rejects.toMatchObject({ error: 'access_denied', status: 400 });
    });

    test('gets tokens that are bound to its key (RFC 9449)', async () => {
      const config = await discover('bound');
      const begun = await openid.initiateBackchannelAuthentication(config, { scope, login_hint: 'alice' });
      await decide('allow');
      await expect(poll(config, begun)).rejects.toMatchObject({ error: 'invalid_dpop_proof' });
      const key = await openid.randomDPoPKeyPair('ES256');
      const handle = openid.getDPoPHandle(config, key);
      const tokens = await poll(config, begun, handle);
      expect(tokens.token_type).toBe('dpop');
      expect(decodeJwt(tokens.access_token).cnf).toEqual({ jkt: await handle.calculateThumbprint() });
    });

    test('says exactly what it wants (RFC 9396)', async () => {
      const config = await discover('bank');
      const details = [{ type: 'payment', amount: '12.50' }];
      const asked = { scope: 'openid', login_hint: 'alice', authorization_details: JSON.stringify(details) };
      const begun = await openid.initiateBackchannelAuthentication(config, asked);
      expect((await open()).page.text).toContain('A payment');
      await decide('allow');
      const tokens = await poll(config, begun);
      expect(tokens.authorization_details).toEqual(details);
      expect(decodeJwt(tokens.access_token).authorization_details).toEqual(details);
    });

    test('signs its requests (CIBA §7.1.1)', async () => {
      const key = { key: keys.privateKey, kid: 'one' };
      const config = await discover('signer', openid.PrivateKeyJwt(key));
      const plain = { scope: 'openid', login_hint: 'alice' };
      await expect(openid.initiateBackchannelAuthentication(config, plain)).rejects.toMatchObject({
        error: 'invalid_request',
      });
      const signed = { ...plain, binding_message: 'signed' };
      const as = config.serverMetadata();
      const request = await oauth.issueRequestObject(as, { client_id: 'signer' }, signed, key);
      const begun = await openid.initiateBackchannelAuthentication(config, { request });
      expect(telephones.messages.at(-1)?.bindingMessage).toBe('signed');
      await decide('allow');
      expect((await poll(config, begun)).claims()?.sub).toBe('1');
    });
  });

  describe('oauth4webapi', () => {
    const client: oauth.Client = { client_id: 'told' };
    const secret = oauth.ClientSecretBasic('secret');
    let as: oauth.AuthorizationServer;
    let options: { [oauth.customFetch]: typeof fetch };
    beforeAll(async () => {
      options = { [oauth.customFetch]: server.fetch };
      const issuer = new URL(server.url);
      as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
    });

    test('finds in the metadata what there is (CIBA §4)', () => {
      expect(as).toMatchObject({
        backchannel_authentication_endpoint: `${server.url}/connect/ciba`,
        backchannel_token_delivery_modes_supported: ['poll', 'ping'],
        backchannel_authentication_request_signing_alg_values_supported: ['ES256'],
        backchannel_user_code_parameter_supported: false,
      });
      expect(as.grant_types_supported).toContain(ciba);
    });

    const begin = async (token: string) => {
      const asked = { scope, login_hint: 'alice', client_notification_token: token };
      const response = await oauth.backchannelAuthenticationRequest(as, client, secret, asked, options);
      return oauth.processBackchannelAuthenticationResponse(as, client, response);
    };
    const fetchTokens = async (authReqId: string) => {
      const response = await oauth.backchannelAuthenticationGrantRequest(as, client, secret, authReqId, options);
      return oauth.processBackchannelAuthenticationGrantResponse(as, client, response);
    };

    test('is told that the person has allowed it, and comes for the tokens (CIBA §10.2)', async () => {
      const begun = await begin('8d67dc78-7faa-4d41-aabd-67707b374255');
      await decide('allow');
      const { headers, body } = await endpoint.next();
      expect(headers.authorization).toBe('Bearer 8d67dc78-7faa-4d41-aabd-67707b374255');
      expect(body).toEqual({ auth_req_id: begun.auth_req_id });
      const tokens = await fetchTokens((body as { auth_req_id: string }).auth_req_id);
      expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: '1', aud: 'told' });
    });

    test('is told as well that the person has refused', async () => {
      const begun = await begin('another-token');
      await decide('deny');
      expect((await endpoint.next()).body).toEqual({ auth_req_id: begun.auth_req_id });
      await expect(fetchTokens(begun.auth_req_id)).rejects.toMatchObject({ error: 'access_denied' });
    });
  });
});
