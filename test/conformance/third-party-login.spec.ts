import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { IdentityResources, User } from '@tessera/token-server';
import { parse } from 'node-html-parser';
import { PlainBrowser } from '../plain-browser.js';
import { type RunningServer, startServer } from '../running-server.js';
import { callback, quickHash } from './provider.js';

const initiate_login_uri = 'https://suite.example/test/a/tessera/initiate_login?tenant=one';

describe('Third-party-initiated login (oidcc-3rdparty-init-login-certification-test-plan)', () => {
  let server: RunningServer;
  let alice: PlainBrowser;
  beforeAll(async () => {
    server = await startServer({
      tls: true,
      options: {
        imports: [AccountsModule, PagesModule],
        identityResources: [IdentityResources.openId()],
        apiResources: [],
        clients: [],
        users: [new User({ subject: '1', username: 'alice', passwordHash: quickHash })],
        registration: { mode: 'open' },
      },
    });
    alice = new PlainBrowser(server);
  });
  afterAll(() => server.close());

  const register = (metadata: object) =>
    server.send('connect/register', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: [callback],
        client_name: 'The suite',
        token_endpoint_auth_method: 'none',
        ...metadata,
      }),
    });
  const authorize = (client_id: string) => {
    const proof = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };
    const request = { client_id, redirect_uri: callback, response_type: 'code', scope: 'openid', state: 's' };
    return alice.open(`connect/authorize?${new URLSearchParams({ ...request, ...proof }).toString()}`, {}, 'cross');
  };

  test('the person finds the way to the initiate_login_uri, which is told the issuer and keeps its query; the client begins there (Core §4; oidcc-3rd_party-init-login)', async () => {
    const { status, body } = await register({ initiate_login_uri });
    expect([status, body.initiate_login_uri]).toEqual([201, initiate_login_uri]);
    const consent = await alice.signIn(await authorize(body.client_id as string));
    const agreed = await alice.submit(consent, { decision: 'allow', remember: 'yes' });
    expect(agreed.url.searchParams.has('code')).toBe(true);

    const page = await alice.open('/applications');
    const link = parse(page.html)
      .querySelectorAll('a')
      .find(({ text }) => text.trim() === 'The suite');
    const address = new URL(link!.getAttribute('href')!);
    expect(`${address.origin}${address.pathname}`).toBe('https://suite.example/test/a/tessera/initiate_login');
    expect(Object.fromEntries(address.searchParams)).toEqual({ tenant: 'one', iss: server.url });
    // The client, which has been told by whom to sign the person in, sends the browser here: nobody has to sign in once more.
    const back = await authorize(body.client_id as string);
    expect([back.url.href.startsWith(callback), back.url.searchParams.has('code')]).toEqual([true, true]);
  });

  test('an initiate_login_uri is https (Core §4; oidcc-3rd_party-init-login-nohttps)', async () => {
    const { status, body } = await register({ initiate_login_uri: 'http://suite.example/initiate_login' });
    expect([status, body.error]).toEqual([400, 'invalid_client_metadata']);
    expect(body.error_description).toContain('initiate_login_uri');
  });
});
