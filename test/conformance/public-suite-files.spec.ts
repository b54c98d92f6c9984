import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ConnectionOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CryptoKey, decodeJwt, importJWK, type JWK, SignJWT } from 'jose';
import { parse } from 'node-html-parser';
import * as client from 'openid-client';
import { type ClientTls, developmentTls } from '../development-tls.js';
import { PlainBrowser } from '../plain-browser.js';
import type { RunningServer } from '../running-server.js';
import { startSts } from '../running-sts.js';
import { callback } from './provider.js';
import { writeSuiteFiles } from './public-suite/suite-files.js';
import { type SuitePlan, suitePlans } from './public-suite/suite-plans.js';
import { obey, type SuiteBrowser } from './suite-browser.js';

/** What a configuration says of the plan's clients. */
interface SuiteConfiguration extends SuiteBrowser {
  readonly client: {
    readonly client_id: string;
    readonly scope: string;
    readonly jwks: { readonly keys: JWK[] };
    readonly hint_value: string;
  };
  readonly client2: SuiteConfiguration['client'];
  readonly mtls: ClientTls;
  readonly mtls2: ClientTls;
  readonly resource: { readonly resourceUrl: string };
  readonly override: Readonly<Record<string, SuiteBrowser>>;
}

/** Allows what waits at the page where people are asked. */
async function answerQuestion(browser: PlainBrowser): Promise<void> {
  const list = await browser.open('/backchannel');
  const link = parse(list.html).querySelector('a[href*="backchannel?request="]')!;
  const page = await browser.open(new URL(link.getAttribute('href')!.replaceAll('&amp;', '&'), list.url));
  const done = await browser.submit(page, { decision: 'allow', scope: ['openid'] });
  expect(done.url.pathname).toBe('/backchannel/done');
}

// The public suite cannot run here; what it is given can be tried, and by another's client library.
describe('The files for the public suite', () => {
  let folder: string;
  let tls: Awaited<ReturnType<typeof developmentTls>>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tessera-suite-'));
    tls = await developmentTls();
    const suiteAuthority = join(folder, 'suite-ca.pem');
    await writeFile(suiteAuthority, tls.ca);
    writeSuiteFiles(folder, { issuer: 'https://id.example.com', suite: 'https://suite.example', suiteAuthority });
  });
  afterAll(() => rm(folder, { recursive: true }));
  const read = async (name: string) => readFile(join(folder, name), 'utf8');

  describe('for FAPI 2.0', () => {
    let server: RunningServer;
    let signedIn: PlainBrowser;
    beforeAll(async () => {
      server = await startSts({ STS_CONFIG: join(folder, 'fapi.sts.yaml') });
      signedIn = new PlainBrowser(server);
      const password = 'for-the-suite-alone';
      await signedIn.submit(await signedIn.open('/signin'), { username: 'alice', password });
    });
    afterAll(() => server.close());

    const plans = suitePlans.filter(({ template }) => template === 'fapi.plan.json');
    const cibaPlans = suitePlans.filter(({ template }) => template === 'ciba.plan.json');

    const whichClient = ['', '2'] as const;

    /** One of a plan's clients as openid-client has it, and its key. */
    async function configured({ name, variant }: SuitePlan, which: '' | '2') {
      const suite = JSON.parse(await read(`${name}.json`)) as SuiteConfiguration;
      const { client_id: clientId, scope, jwks, hint_value: hint } = suite[`client${which}`];
      const key = { key: (await importJWK(jwks.keys[0]!, 'PS256')) as CryptoKey, kid: jwks.keys[0]!.kid! };
      const isSigned = variant.fapi_response_mode === 'jarm';
      const authentication = variant.client_auth_type === 'mtls' ? client.TlsClientAuth() : client.PrivateKeyJwt(key);
      const config = await client.discovery(new URL(server.url), clientId, undefined, authentication, {
        [client.customFetch]: server.fetchAs(suite[`mtls${which}`]),
        execute: isSigned ? [client.useJwtResponseMode] : [],
      });
      return { suite, clientId, scope, hint, key, config, isSigned };
    }
    type Configured = Awaited<ReturnType<typeof configured>>;

    /** Pushes a request, signed where the plan has it so, and gives where the browser goes. */
    async function pushed({ config, scope, key, isSigned }: Configured, DPoP?: client.DPoPHandle) {
      const [pkceCodeVerifier, expectedState] = [client.randomPKCECodeVerifier(), client.randomState()];
      const parameters = {
        redirect_uri: callback,
        scope,
        code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
        state: expectedState,
        prompt: 'consent',
      };
      const request = isSigned
        ? (await client.buildAuthorizationUrlWithJAR(config, parameters, key)).searchParams
        : parameters;
      const url = await client.buildAuthorizationUrlWithPAR(config, request, { DPoP });
      return { url, checks: { pkceCodeVerifier, expectedState } };
    }

    test.each(plans)('$name: both clients come through from the pushed request to the resource', async (plan) => {
      for (const which of whichClient) {
        const one = await configured(plan, which);
        const { suite, config } = one;
        const isBoundByProof = plan.variant.sender_constrain === 'dpop';
        const keys = isBoundByProof ? await client.randomDPoPKeyPair('ES256') : undefined;
        const DPoP = keys && client.getDPoPHandle(config, keys);
        const { url, checks } = await pushed(one, DPoP);
        const browser = new PlainBrowser(server);
        const consent = await obey(browser, await browser.open(url), suite, server.url);
        const { url: back } = await obey(browser, consent, suite, server.url);
        const tokens = await client.authorizationCodeGrant(config, back, checks, undefined, { DPoP });
        expect(tokens.claims()).toMatchObject({ sub: '1', aud: one.clientId });
        const resource = new URL(suite.resource.resourceUrl.replace('https://id.example.com', server.url));
        const ask = client.fetchProtectedResource(config, tokens.access_token, resource, 'GET', undefined, undefined, { DPoP }); // prettier-ignore
        expect(await (await ask).json()).toMatchObject({ sub: '1' });
        const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token!, undefined, { DPoP });
        expect(refreshed.access_token).not.toBe(tokens.access_token);
      }
    });

    test('its override says no where the person signs in', async () => {
      const one = await configured(plans[0]!, '');
      const { 'fapi2-security-profile-final-user-rejects-authentication': override } = one.suite.override;
      const browser = new PlainBrowser(server);
      const { url } = await obey(browser, await browser.open((await pushed(one)).url), override!, server.url);
      expect(url.searchParams.get('error')).toBe('access_denied');
    });

    test.each(cibaPlans)('$name: both clients ask alice, and get tokens when she has allowed it', async (plan) => {
      for (const which of whichClient) {
        const { config, clientId, scope, hint, key } = await configured(plan, which);
        const ping = plan.variant.ciba_mode === 'ping' && { client_notification_token: 'the-token-for-the-ping' };
        const request = await new SignJWT({ scope, login_hint: hint, binding_message: '1234', ...ping })
          .setProtectedHeader({ alg: 'PS256', kid: key.kid })
          .setIssuer(clientId)
          .setAudience(server.url)
          .setIssuedAt()
          .setNotBefore('0s')
          .setExpirationTime('5m')
          .setJti(randomUUID())
          .sign(key.key);
        const { auth_req_id } = await client.initiateBackchannelAuthentication(config, { request });
        await answerQuestion(signedIn);
        const tokens = await client.genericGrantRequest(config, 'urn:openid:params:grant-type:ciba', { auth_req_id });
        expect(decodeJwt(tokens.id_token!)).toMatchObject({ sub: '1', aud: clientId });
      }
    });

    // What the modules happy-flow and ensure-holder-of-key-required look at in each endpoint; all are at one listener.
    describe('TLS (Security Profile §5.2.1, §5.2.2; BCP 195)', () => {
      const handshake = (options: ConnectionOptions) =>
        new Promise<string>((resolve) => {
          const { hostname: host, port } = new URL(server.url);
          const socket = connect({ host, port: Number(port), rejectUnauthorized: false, ...options });
          socket.once('error', () => resolve('refused'));
          socket.once('secureConnect', () => {
            resolve(`${socket.getProtocol()} ${socket.getCipher().name}`);
            socket.destroy();
          });
        });

      test('is 1.3 where the client can', async () => {
        expect(await handshake({})).toMatch(/^TLSv1\.3 /);
      });

      test.each(['TLSv1', 'TLSv1.1'] as const)('is not %s', async (version) => {
        const old = { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' };
        expect(await handshake(old)).toBe('refused');
      });

      test.each(['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384'])('1.2 has the cipher suite %s (RFC 9325 §4.2)', async (ciphers) => {
        expect(await handshake({ maxVersion: 'TLSv1.2', ciphers })).toBe(`TLSv1.2 ${ciphers}`);
      }); // prettier-ignore

      test('1.2 has no cipher suite that BCP 195 does not recommend (RFC 9325 §4.2)', async () => {
        const recommended = ['ECDHE-ECDSA', 'ECDHE-RSA'].flatMap((key) => ['AES128-GCM-SHA256', 'AES256-GCM-SHA384'].map((rest) => `${key}-${rest}`)); // prettier-ignore
        const ciphers = ['ALL', '@SECLEVEL=0', ...recommended.map((one) => `!${one}`)].join(':');
        expect(await handshake({ maxVersion: 'TLSv1.2', ciphers })).toBe('refused');
      });
    });
  });

  describe('for registration and third-party-initiated login', () => {
    let server: RunningServer;
    let publisher: Server;
    let jwksUri: string;
    let key: { key: CryptoKey; kid: string };

    beforeAll(async () => {
      server = await startSts({ STS_CONFIG: join(folder, 'openid.sts.yaml') });
      const { client: any } = JSON.parse(await read('sp-private_key_jwt-dpop.json')) as SuiteConfiguration;
      const { kty, n, e, kid } = any.jwks.keys[0]!;
      key = { key: (await importJWK(any.jwks.keys[0]!, 'PS256')) as CryptoKey, kid: kid! };
      publisher = createServer(tls, (_request, response) => response.end(JSON.stringify({ keys: [{ kty, n, e, kid }] })));
      await new Promise<void>((resolve) => publisher.listen(0, '127.0.0.1', resolve));
      jwksUri = `https://127.0.0.1:${(publisher.address() as AddressInfo).port}/jwks`;
    }); // prettier-ignore
    afterAll(async () => {
      await server.close();
      await new Promise((resolve) => publisher.close(resolve));
    });

    const register = (metadata: object) =>
      server.send('connect/register', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: [callback], ...metadata }),
      });

    test('the suite registers a client, whose keys are fetched from the suite by its own authority, and signs in', async () => {
      const suite = JSON.parse(await read('dynamic.json')) as SuiteConfiguration;
      const metadata = { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: jwksUri, ...suite.client };
      const { status, body } = await register(metadata);
      expect([status, body.client_name]).toEqual([201, "The suite's first client"]);
      const config = await client.discovery(new URL(server.url), body.client_id, undefined, client.PrivateKeyJwt(key), {
        [client.customFetch]: server.fetch,
      });
      // One module alone sends a proof key.
      const url = client.buildAuthorizationUrl(config, { redirect_uri: callback, scope: 'openid', nonce: 'a nonce' });
      const browser = new PlainBrowser(server);
      const consent = await obey(browser, await browser.open(url), suite, server.url);
      const { url: back } = await obey(browser, consent, suite, server.url);
      const tokens = await client.authorizationCodeGrant(config, back, { expectedNonce: 'a nonce' });
      expect(tokens.claims()).toMatchObject({ sub: '1', aud: body.client_id });
    });

    test('a client says where others may have it begin a sign-in, and is told so (Core §4; oidcc-3rd_party-init-login)', async () => {
      const initiate_login_uri = 'https://suite.example/test/a/tessera/initiate_login';
      const { status, body } = await register({ initiate_login_uri });
      expect([status, body.initiate_login_uri]).toEqual([201, initiate_login_uri]);
      const { pathname } = new URL(body.registration_client_uri as string);
      const headers = { authorization: `Bearer ${body.registration_access_token}` };
      expect((await server.send(pathname.slice(1), { headers })).body).toMatchObject({ initiate_login_uri });
    });

    test('and over https alone (Core §4; oidcc-3rd_party-init-login-nohttps)', async () => {
      const { status, body } = await register({ initiate_login_uri: 'http://suite.example/initiate_login' });
      expect([status, body.error]).toEqual([400, 'invalid_client_metadata']);
    });
  });
});
