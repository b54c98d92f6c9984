import { beforeAll, describe, expect, it } from '@jest/globals';
import { InteractionPages } from '../../interaction/interaction-pages.js';
import { client, issuer, run, type RunningServer } from '../../running-server.spec.fixture.js';
import { Browser, challenge, PlainPagesModule, toClient } from '../../signed-in-browser.spec.fixture.js';

const redirect_uri = 'https://app.example.com/callback';
const clients = [
  client('web', { allowedGrantTypes: ['authorization_code'], redirectUris: [redirect_uri], allowedScopes: ['openid'] }),
];
const request = {
  client_id: 'web',
  redirect_uri,
  response_type: 'code',
  scope: 'openid',
  state: 'a state',
  code_challenge: challenge,
  code_challenge_method: 'S256',
  prompt: 'create',
};
const paths = { signIn: 'signin', consent: 'consent', chooseAccount: 'account', createAccount: 'register' };
const discovery = async (server: RunningServer) => (await server.send('.well-known/openid-configuration')).body;

describe('prompt=create (Initiating User Registration via OpenID Connect 1.0)', () => {
  let server: RunningServer;
  beforeAll(async () => {
    const pages = { provide: InteractionPages, useValue: { paths } };
    server = await run({ clients, imports: [PlainPagesModule], providers: [pages] });
  });
  const send = async (difference: Record<string, string> = {}, browser = new Browser(server)) =>
    browser.authorize({ ...request, ...difference });

  it('§4.2: discovery lists it among the prompt values', async () => {
    expect((await discovery(server)).prompt_values_supported).toEqual([
      'none',
      'login',
      'consent',
      'select_account',
      'create',
    ]);
  });

  it('§4.1: the person sees the page for a new account, and not the one to sign in', async () => {
    expect((await send()).headers.get('location')).toMatch(/\/register\?interaction=[\w-]+&client_id=web$/);
  });

  it('§4.1: also where somebody is signed in', async () => {
    const browser = new Browser(server);
    await browser.signIn('alice');
    expect((await send({}, browser)).headers.get('location')).toMatch('/register?');
  });

  it('§4.1: goes on to the client with the tokens, once the account is made', async () => {
    const browser = new Browser(server);
    const page = await send({}, browser);
    expect(toClient(await browser.act(page, { as: 'bob' }))).toMatchObject({
      code: expect.any(String),
      state: 'a state',
    });
  });

  it.each(['none create', 'create login', 'consent create', 'create select_account'])(
    '§4: is not combined with other values, which could contradict it: %s is invalid_request',
    async (prompt) => {
      expect(toClient(await send({ prompt }))).toMatchObject({
        error: 'invalid_request',
        state: 'a state',
        iss: issuer,
      });
    },
  );
});

describe('prompt=create where there is no page for new accounts', () => {
  it('§4.1: is a value that is not supported, refused with invalid_request, and §4.2: discovery does not list it', async () => {
    const server = await run({ clients, imports: [PlainPagesModule] });
    expect(toClient(await new Browser(server).authorize(request))).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringContaining("prompt 'create' is not one of none, login, consent, select_account"),
    });
    expect((await discovery(server)).prompt_values_supported).not.toContain('create');
  });
});
