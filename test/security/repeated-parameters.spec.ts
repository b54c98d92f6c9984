import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PlainBrowser } from '../plain-browser.js';
import { basic, type RunningServer } from '../running-server.js';
import {
  answerAt,
  authorizeParameters,
  redirectUri,
  signedIn,
  silently,
  startForPeople,
  webClient,
} from './people.fixture.js';

// RFC 6749 §3.1: what is sent twice may be read by one as the first and by another as the last, so nobody reads it at all.

const device = 'urn:ietf:params:oauth:grant-type:device_code';
const clients = [
  webClient('web', {
    allowedGrantTypes: ['authorization_code', device],
    postLogoutRedirectUris: ['https://app.example.com/bye'],
  }),
];

let server: RunningServer;
let browser: PlainBrowser;

beforeAll(async () => {
  server = await startForPeople(clients);
  browser = await signedIn(server);
});
afterAll(() => server.close());

const target = { client_id: 'web', redirect_uri: redirectUri };
const authorizeNames = {
  response_type: 'code',
  response_mode: 'query',
  scope: 'openid',
  state: 'another state',
  nonce: 'n',
  display: 'page',
  prompt: 'none',
  max_age: '0',
  ui_locales: 'de',
  id_token_hint: 'x',
  login_hint: 'bob',
  acr_values: 'x',
  claims: '{}',
  code_challenge: 'x',
  code_challenge_method: 'plain',
  request: 'x',
  request_uri: 'https://evil.example/',
  registration: '{}',
  unknown: 'x',
};
const ways = [
  ['GET', (path: string, form: URLSearchParams) => browser.fetch(`${path}?${form.toString()}`)],
  ['POST', (path: string, body: URLSearchParams) => browser.fetch(path, { method: 'POST', body })],
] as const;

/** The parameters, and one of them more: beside its like or in a spelling that a framework turns into a list or an object. */
function spellings(parameters: Readonly<Record<string, string>>, name: string, value: string): URLSearchParams[] {
  const one = { [name]: value, ...parameters };
  const list = (added: readonly (readonly [string, string])[]) =>
    new URLSearchParams([...Object.entries(one), ...added] as [string, string][]);
  return [
    list([[name, value]]),
    list([[name, '']]),
    list([[`${name}[]`, value]]),
    list([[`${name}[0]`, value]]),
    list([[`${name}[x]`, value]]),
  ];
}

describe.each(ways)('Parameters sent twice by %s', (_method, send) => {
  test.each(Object.entries(authorizeNames))(
    'to the authorize endpoint are refused to the client: %s',
    async (name, value) => {
      for (const form of spellings(authorizeParameters(), name, value)) {
        const response = await send('/connect/authorize', form);
        const location = new URL(response.headers.get('location')!);
        expect(`${location.origin}${location.pathname}`).toBe(redirectUri);
        expect([form.toString(), answerAt(location)]).toEqual([
          form.toString(),
          expect.objectContaining({ error: 'invalid_request', iss: server.url }),
        ]);
        expect(answerAt(location)).not.toHaveProperty('code');
      }
    },
  );

  test.each(Object.entries(target))('to the authorize endpoint go nowhere: %s', async (name, value) => {
    const [twice, withEmpty] = spellings(authorizeParameters(), name, value) as [URLSearchParams, URLSearchParams];
    const response = await send('/connect/authorize', twice);
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    // An empty one counts as left out (RFC 6749 §3.1): then it is clear where the refusal goes.
    const answer = await send('/connect/authorize', withEmpty);
    const location = answer.headers.get('location')!;
    expect(location.startsWith(`${redirectUri}?error=invalid_request`)).toBe(true);
  });

  test.each([
    ['client_id', 'web'],
    ['post_logout_redirect_uri', 'https://app.example.com/bye'],
    ['state', 's'],
    ['id_token_hint', 'x'],
    ['logout_hint', 'alice'],
    ['ui_locales', 'de'],
  ])('to the end of a session end nothing and go nowhere: %s', async (name, value) => {
    const wish = { client_id: 'web', post_logout_redirect_uri: 'https://app.example.com/bye' };
    for (const form of spellings(wish, name, value)) {
      const response = await send('/connect/endsession', form);
      expect([form.toString(), response.status, response.headers.get('location')]).toEqual([
        form.toString(),
        400,
        null,
      ]);
    }
    expect((await silently(browser)).code).toBeDefined();
  });
});

describe('Parameters sent twice by a client', () => {
  const endpoints = [
    ['connect/deviceauthorization', { scope: 'openid' }],
    [
      'connect/token',
      { grant_type: 'authorization_code', code: 'x', redirect_uri: redirectUri, code_verifier: 'v'.repeat(43) },
    ],
    ['connect/token', { grant_type: device, device_code: 'x' }],
    ['connect/token', { grant_type: 'refresh_token', refresh_token: 'x', scope: 'openid' }],
    ['connect/revocation', { token: 'x', token_type_hint: 'access_token' }],
    ['connect/introspect', { token: 'x' }],
  ] as const;
  const rows = endpoints.flatMap(([path, form]) =>
    Object.entries({ ...form, client_id: 'web', client_secret: 'secret', unknown: 'x' }).map(
      ([name, value]) => [path, name, value, form] as const,
    ),
  );

  test.each(rows)('to %s are refused: %s', async (path, name, value, form) => {
    const isCredential = name === 'client_id' || name === 'client_secret';
    const parameters = isCredential ? { ...form, client_id: 'web', client_secret: 'secret' } : form;
    for (const sent of spellings(parameters, name, value)) {
      const answer = await server.form(path, [...sent], isCredential ? {} : basic('web'));
      expect([sent.toString(), answer.status, answer.body.error]).toEqual([sent.toString(), 400, 'invalid_request']);
    }
  });

  test('in the query and in the body: the query is not read', async () => {
    const sent = { grant_type: 'client_credentials', scope: 'api1' };
    const answer = await server.form(
      'connect/token?grant_type=password&username=alice&password=alice&scope=openid',
      sent,
      basic('simple_client'),
    );
    expect(answer.body).toMatchObject({ scope: 'api1' });
    const inQueryAlone = await server.form(
      `connect/token?${new URLSearchParams(sent).toString()}`,
      {},
      basic('simple_client'),
    );
    expect(inQueryAlone.body.error).toBe('invalid_request');
  });
});
