import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PlainBrowser } from '../plain-browser.js';
import { basic, bearer, type RunningServer } from '../running-server.js';
import {
  answerOf,
  authorizeAddress,
  challenge,
  type Difference,
  redeem,
  redirectUri,
  signedIn,
  startForPeople,
  verifier,
  webClient,
} from './people.fixture.js';

const second = 'https://app.example.com/second';
const isPublic = { clientSecrets: [], requireClientSecret: false };
const clients = [
  webClient('web', { redirectUris: [redirectUri, second] }),
  webClient('other'),
  webClient('public', isPublic),
  webClient('plain', { allowPlainTextPkce: true }),
  webClient('lenient', { requirePkce: false }),
  webClient('reference', { accessTokenType: 'reference' }),
];

let server: RunningServer;
let alice: PlainBrowser;
let bob: PlainBrowser;

beforeAll(async () => {
  server = await startForPeople(clients);
  [alice, bob] = [await signedIn(server, 'alice'), await signedIn(server, 'bob')];
});
afterAll(() => server.close());

const answerTo = async (difference: Difference = {}, browser = alice) =>
  answerOf(await browser.open(authorizeAddress(difference)));
const codeFor = async (difference?: Difference, browser?: PlainBrowser) => (await answerTo(difference, browser)).code;
const sha256 = (text: string) => hash('sha256', text, 'base64url');
const withoutProof = { code_challenge: undefined, code_challenge_method: undefined };
const nobody = {};

describe('PKCE left out or weakened in the authorize request', () => {
  test.each<[string, Difference]>([
    ['no challenge', withoutProof],
    ['an empty challenge', { code_challenge: '', code_challenge_method: '' }],
    ['a method without a challenge', { code_challenge: undefined }],
    ['plain, where it is not allowed', { code_challenge: verifier, code_challenge_method: 'plain' }],
    ['plain, by leaving the method out', { code_challenge_method: undefined }],
    ['plain, by an empty method', { code_challenge_method: '' }],
    ['plain, in capital letters', { code_challenge_method: 'PLAIN' }],
    ['a method in other letters', { code_challenge_method: 's256' }],
    ['an unknown method', { code_challenge_method: 'S512' }],
    ['a method that is none', { code_challenge_method: 'none' }],
    ['a name of Object.prototype as the method', { code_challenge_method: 'toString' }],
    ['a challenge too short', { code_challenge: challenge.slice(1) }],
    ['a challenge too long', { code_challenge: `${challenge}A` }],
    ['a challenge with padding', { code_challenge: `${challenge.slice(1)}=` }],
    ['a challenge in plain base64', { code_challenge: `${challenge.slice(2)}+/` }],
  ])('%s: no code (RFC 7636 §4.4.1, RFC 9700 §2.1.1)', async (_what, difference) => {
    for (const client_id of ['web', 'public']) {
      const answer = await answerTo({ ...difference, client_id });
      expect(answer).toMatchObject({ error: 'invalid_request', iss: server.url });
      expect(answer).not.toHaveProperty('code');
    }
  });
});

describe('PKCE left out or weakened at the token endpoint', () => {
  const withForm = (text: string): Difference => ({ code_challenge: sha256(text) });
  const longest = 'v'.repeat(128);

  test.each<[string, Difference, Difference, Difference]>([
    ['no verifier', {}, { code_verifier: undefined }, {}],
    ['an empty verifier', {}, { code_verifier: '' }, {}],
    ['another verifier', {}, { code_verifier: `${verifier}0` }, {}],
    ['the verifier in other letters', {}, { code_verifier: verifier.toUpperCase() }, {}],
    ['the challenge in place of the verifier (downgrade to plain)', {}, { code_verifier: challenge }, {}],
    ['the challenge, with the method plain', {}, { code_verifier: challenge, code_challenge_method: 'plain' }, {}],
    ['no verifier, and a challenge of its own', {}, { code_verifier: undefined, code_challenge: challenge }, {}],
    ['a longer verifier', withForm(longest), { code_verifier: `${longest}v` }, { code_verifier: longest }],
  ])('%s: no tokens, and the code is not used up', async (_what, request, wrong, right) => {
    const code = await codeFor(request);
    const refused = await redeem(server, code, wrong);
    expect([refused.status, refused.body.access_token]).toEqual([400, undefined]);
    expect(['invalid_grant', 'invalid_request']).toContain(refused.body.error);
    expect((await redeem(server, code, right)).status).toBe(200);
  });

  test.each([
    ['too short', 'v'.repeat(42)],
    ['too long', 'v'.repeat(129)],
    ['with characters that it may not have', `${'v'.repeat(43)}+`],
    ['with a line end', `${'v'.repeat(43)}\n`],
  ])('a verifier %s is refused, although its hash fits (RFC 7636 §4.1)', async (_what, text) => {
    const refused = await redeem(server, await codeFor(withForm(text)), { code_verifier: text });
    expect([refused.status, refused.body.access_token]).toEqual([400, undefined]);
  });

  test('a verifier for a code without a challenge: somebody took the challenge out on the way', async () => {
    const code = await codeFor({ client_id: 'lenient', ...withoutProof });
    expect((await redeem(server, code, {}, basic('lenient'))).body.error).toBe('invalid_grant');
    expect((await redeem(server, code, { code_verifier: undefined }, basic('lenient'))).status).toBe(200);
  });

  test('where PKCE need not be used, a challenge that was sent still counts', async () => {
    const code = await codeFor({ client_id: 'lenient' });
    const without = await redeem(server, code, { code_verifier: undefined }, basic('lenient'));
    expect(without.body.error).toBe('invalid_grant');
  });

  test('where plain is allowed, a hashed challenge stays hashed and a plain one stays plain', async () => {
    const hashed = await codeFor({ client_id: 'plain' });
    expect((await redeem(server, hashed, { code_verifier: challenge }, basic('plain'))).body.error).toBe(
      'invalid_grant',
    );
    const plain = await codeFor({
      client_id: 'plain',
      code_challenge: sha256(verifier),
      code_challenge_method: 'plain',
    });
    expect((await redeem(server, plain, {}, basic('plain'))).body.error).toBe('invalid_grant');
  });

  test('a public client shows nothing but its verifier, and so cannot do without', async () => {
    const code = await codeFor({ client_id: 'public' });
    const without = await redeem(server, code, { client_id: 'public', code_verifier: undefined }, nobody);
    expect(without.body.error).toBe('invalid_grant');
    expect((await redeem(server, code, { client_id: 'public' }, nobody)).status).toBe(200);
  });
});

describe('Code injection', () => {
  test.each<[string, Difference, Readonly<Record<string, string>>]>([
    ['another confidential client', {}, basic('other')],
    ['a public client', { client_id: 'public' }, nobody],
    ['another client that names the right one beside', { client_id: 'web' }, basic('other')],
    ['the right client without its secret', { client_id: 'web' }, nobody],
    ['the right client with a wrong secret', {}, basic('web', 'guessed')],
  ])('into %s gives nothing, and does not burn the code', async (_what, difference, credentials) => {
    const code = await codeFor();
    const refused = await redeem(server, code, difference, credentials);
    expect([refused.status >= 400, refused.body.access_token]).toEqual([true, undefined]);
    expect((await redeem(server, code)).status).toBe(200);
  });

  test.each([
    ['another registered address', second],
    ['none', undefined],
    ['an address that looks alike', `${redirectUri}/`],
    ['an address in other letters', redirectUri.toUpperCase()],
  ])('with %s as redirect_uri gives nothing (RFC 6749 §4.1.3)', async (_what, redirect_uri) => {
    const code = await codeFor();
    const refused = await redeem(server, code, { redirect_uri });
    expect([refused.status, refused.body.access_token]).toEqual([400, undefined]);
    expect((await redeem(server, code)).status).toBe(200);
  });

  test('from the browser of the attacker into that of the person: the verifier there is another one', async () => {
    const stolen = await codeFor({ code_challenge: sha256(verifier.replaceAll('e', '3')) }, bob);
    expect((await redeem(server, stolen)).body.error).toBe('invalid_grant');
  });

  test('where a client goes without PKCE, into another sign-in: the id_token has the nonce that the code was made for', async () => {
    const request = { client_id: 'lenient', ...withoutProof };
    const stolen = await codeFor({ ...request, nonce: 'of the attacker' }, bob);
    const { id_token } = (
      await redeem(server, stolen, { code_verifier: undefined, nonce: 'of the person' }, basic('lenient'))
    ).body;
    const claims = JSON.parse(Buffer.from(String(id_token).split('.')[1]!, 'base64url').toString());
    expect(claims).toMatchObject({ nonce: 'of the attacker', sub: '2' });
  });

  test('of other handles: no token and no id is taken for a code', async () => {
    const code = await codeFor({ scope: 'openid offline_access' });
    const { access_token, id_token, refresh_token } = (await redeem(server, code)).body;
    const page = await alice.fetch(authorizeAddress({ prompt: 'login' }));
    const interaction = new URL(page.headers.get('location')!).searchParams.get('interaction')!;
    for (const handle of [access_token, refresh_token, interaction, await alice.cookie('__Host-tessera.session')]) {
      expect((await redeem(server, handle as string)).body.access_token).toBeUndefined();
    }
    expect((await redeem(server, (id_token as string).slice(0, 500))).body.error).toBe('invalid_grant');
  });
});

describe('A code redeemed twenty times at once', () => {
  test.each(['web', 'reference'])('gives tokens once, and takes all of them back, at client %s', async (client_id) => {
    const code = await codeFor({ client_id, scope: 'openid profile offline_access api1' });
    const tries = Array.from({ length: 20 }, () => redeem(server, code, {}, basic(client_id)));
    const answers = await Promise.all(tries);
    const [won, ...more] = answers.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    expect(answers.filter(({ status, body }) => status === 400 && body.error === 'invalid_grant')).toHaveLength(19);

    const { access_token, refresh_token } = won!.body;
    expect(refresh_token).toEqual(expect.any(String));
    const userinfo = await server.send('connect/userinfo', { headers: bearer(access_token) });
    expect(userinfo.status).toBe(401);
    const refresh = { grant_type: 'refresh_token', refresh_token };
    expect((await server.form('connect/token', refresh, basic(client_id))).body.error).toBe('invalid_grant');
    const asked = await server.form('connect/introspect', { token: access_token }, basic('api1'));
    expect(asked.body).toEqual({ active: false });
  });
});
