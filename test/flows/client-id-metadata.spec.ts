import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { exportJWK, generateKeyPair } from 'jose';
import * as oauth from 'oauth4webapi';
import { DocumentHost } from '../document-host.js';
import { PlainBrowser } from '../plain-browser.js';
import { type RunningServer, startServer } from '../running-server.js';
import { CodeFlow } from './code-flow.js';

const loopback = 'http://127.0.0.1:3000/callback';

describe('A client whose id is the address of its metadata signs a person in (draft-ietf-oauth-client-id-metadata-document)', () => {
  let host: DocumentHost;
  let server: RunningServer;
  let as: oauth.AuthorizationServer;

  beforeAll(async () => {
    host = await DocumentHost.start();
    server = await startServer({
      tls: true,
      options: {
        clients: [],
        imports: [AccountsModule, PagesModule],
        outgoing: { allowPrivateAddresses: true, certificateAuthorities: [host.ca] },
        clientIdMetadataDocuments: {
          hosts: ['localhost'],
          policy: {
            grantTypes: ['authorization_code', 'refresh_token'],
            resources: ['api1'],
            applicationTypes: ['web', 'native'],
          },
        },
      },
    });
    const issuer = new URL(server.url);
    const options = { [oauth.customFetch]: server.fetch };
    as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
  });
  afterAll(async () => {
    await server.close();
    await host.close();
  });

  test('discovery says so, and what such a client may use, without any client that is configured (§6)', () => {
    expect(as).toMatchObject({
      client_id_metadata_document_supported: true,
      authorization_endpoint: `${server.url}/connect/authorize`,
      response_types_supported: ['code'],
      token_endpoint_auth_methods_supported: expect.arrayContaining(['none', 'private_key_jwt']),
    });
    expect(as.token_endpoint_auth_methods_supported).not.toContain('client_secret_basic');
  });

  test('a public native one, at a port that the system chose; the consent page names the host of its id (§8.5)', async () => {
    const clientId = host.serveClient('/native.json', {
      client_name: 'A famous name',
      redirect_uris: [loopback],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
    });
    const redirectUri = loopback.replace('3000', '49152');
    const flow = new CodeFlow(as, server.fetch, {
      clientId,
      redirectUri,
      authentication: oauth.None(),
      scope: 'openid api1 offline_access',
    });
    const browser = new PlainBrowser(server);
    const consent = await browser.signIn(await browser.open(await flow.url()));
    expect(consent.text).toContain('A famous name');
    expect(consent.text).toContain(new URL(host.url).host);
    const back = await browser.submit(consent, { decision: 'allow' });
    const tokens = await flow.redeem(flow.callback(back.url));
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: '1', aud: clientId });
    const options = { [oauth.customFetch]: server.fetch };
    const response = await oauth.refreshTokenGrantRequest(
      as,
      flow.client,
      oauth.None(),
      tokens.refresh_token!,
      options,
    );
    expect((await oauth.processRefreshTokenResponse(as, flow.client, response)).access_token).toBeDefined();
    // From the first request to the last: one document, one request for it.
    expect(host.countOf('/native.json')).toBe(1);
  });

  test('one on the web that proves itself by the key in its document (§8.2)', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const redirectUri = 'https://app.example.com/callback';
    const clientId = host.serveClient('/web.json', {
      redirect_uris: [redirectUri],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'mine', alg: 'ES256' }] },
    });
    const flowBy = (authentication: oauth.ClientAuth) =>
      new CodeFlow(as, server.fetch, { clientId, redirectUri, authentication });
    const complete = async (flow: CodeFlow) => {
      const browser = new PlainBrowser(server);
      const consent = await browser.signIn(await browser.open(await flow.url()));
      return flow.redeem(flow.callback((await browser.submit(consent, { decision: 'allow' })).url));
    };
    const tokens = await complete(flowBy(oauth.PrivateKeyJwt({ key: privateKey, kid: 'mine' })));
    expect(oauth.getValidatedIdTokenClaims(tokens)?.aud).toBe(clientId);
    await expect(complete(flowBy(oauth.None()))).rejects.toMatchObject({ status: 401 });
  });
});
