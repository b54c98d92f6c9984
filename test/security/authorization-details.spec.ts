import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApiResource, type AuthorizationDetail, Claim } from '@tessera/token-server';
import { decodeJwt } from 'jose';
import type { PlainBrowser } from '../plain-browser.js';
import { basic, type RunningServer, seed } from '../running-server.js';
import {
  answerOf,
  authorizeAddress,
  type Difference,
  redeem,
  signedIn,
  startForPeople,
  webClient,
} from './people.fixture.js';

const payment = { type: 'payment', amount: { value: '10.00', currency: 'EUR' }, to: 'Merchant' };

const authorizationDetailTypes = [
  {
    type: 'payment',
    displayName: 'Payment',
    text: 'Pay {amount.value} {amount.currency} to {to}',
    schema: {
      properties: {
        amount: {
          type: 'object',
          properties: { value: { type: 'string' }, currency: { type: 'string' } },
          required: ['value', 'currency'],
        },
        to: { type: 'string' },
        tags: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
      },
      required: ['amount', 'to'],
    },
  },
  { type: 'note', displayName: 'Note', schema: { additionalProperties: true } },
  { type: 'secret-type', schema: {} },
  { type: 'forbidden-here', schema: {}, resource: 'vault' },
];

const json = (...details: readonly unknown[]) => JSON.stringify(details);

describe('Authorization details', () => {
  let server: RunningServer;
  let browser: PlainBrowser;

  beforeAll(async () => {
    const more = { authorizationDetailsTypes: ['payment', 'note'] };
    server = await startForPeople(
      [
        webClient('web', {
          ...more,
          claims: [new Claim('authorization_details', [payment])],
          clientClaimsPrefix: '',
          alwaysSendClientClaims: true,
        }),
        webClient('plain'),
        webClient('robot', { ...more, allowedGrantTypes: ['client_credentials'], redirectUris: [] }),
      ],
      { options: { apiResources: [...seed.apiResources, new ApiResource('vault')], authorizationDetailTypes } },
    );
    browser = await signedIn(server);
  });
  afterAll(() => server.close());

  const authorize = (details: string, more: Difference = {}) =>
    browser.open(authorizeAddress({ authorization_details: details, ...more }));
  const own = (details: string, client = 'robot') =>
    server.form('connect/token', { grant_type: 'client_credentials', authorization_details: details }, basic(client));

  /** The tokens of what was agreed to. */
  async function tokensFor(details: readonly AuthorizationDetail[]) {
    const back = await browser.submit(await authorize(json(...details), { scope: 'offline_access' }), {
      decision: 'allow',
    });
    return (await redeem(server, answerOf(back).code)).body as Record<string, string>;
  }

  const refresh = (token: string | undefined, details: string) =>
    server.form(
      'connect/token',
      { grant_type: 'refresh_token', refresh_token: token!, authorization_details: details },
      basic('web'),
    );

  test.each([
    ['of an unknown type', json({ type: 'unknown' })],
    ['of a type that the client is not allowed', json({ type: 'secret-type' })],
    ['of such a type behind one that is allowed', json(payment, { type: 'forbidden-here' })],
    ['of a type that every object has', json({ type: '__proto__' })],
    ['with a member that the schema does not name', json({ ...payment, bonus: 'all of it' })],
    ['with such a member deep inside', json({ ...payment, amount: { ...payment.amount, hidden: 1 } })],
    ['with such a member in a list', json({ ...payment, tags: [{ name: 'a' }, { name: 'b', hidden: 1 }] })],
    ['without a member that is required', json({ type: 'payment', amount: payment.amount })],
    ['with a member of another kind', json({ ...payment, to: { toString: 'me' } })],
    ['with __proto__', '[{"type":"payment","to":"M","__proto__":{"amount":{"value":"1","currency":"EUR"}}}]'],
    ['with constructor, deep inside', '[{"type":"payment","amount":{"constructor":{"prototype":{}}},"to":"M"}]'],
    ['nested a thousand times', `[{"type":"payment","to":${'['.repeat(1000)}${']'.repeat(1000)}}]`],
    ['that are a hundred', json(...Array.from({ length: 100 }, () => payment))],
    ['that are no array', json(payment).slice(1, -1)],
    ['that are no JSON', '[{"type":"payment",}]'],
  ])('%s are refused, for people and for machines', async (_what, details) => {
    const machine = await own(details);
    expect([machine.status, machine.body.error]).toEqual([400, 'invalid_authorization_details']);
    expect(answerOf(await authorize(details))).toMatchObject({
      error: 'invalid_authorization_details',
      state: 'a state',
    });
  });

  test('that are huge are refused before they are parsed', async () => {
    const details = json({ ...payment, to: 'x'.repeat(17_000) });
    const { status, body } = await own(details);
    expect([status, body.error]).toEqual([400, 'invalid_request']);
  });

  test('sent twice are refused', async () => {
    const twice = [
      ['grant_type', 'client_credentials'],
      ['authorization_details', json(payment)],
      ['authorization_details', json(payment)],
    ] as const;
    expect((await server.form('connect/token', twice, basic('robot'))).body.error).toBe('invalid_request');
  });

  test('are not for clients that list no type: nothing is allowed until listed', async () => {
    expect(answerOf(await authorize(json(payment), { client_id: 'plain' })).error).toBe(
      'invalid_authorization_details',
    );
  });

  test('that are unknown and that are not allowed are told apart by nobody', async () => {
    const said = async (type: string) =>
      (await own(json({ type }))).body.error_description.replace(type, '…') as string;
    expect(await said('secret-type')).toBe(await said('unknown'));
  });

  test('are claims of the server: no claim of a client or of a person takes their place', async () => {
    const { access_token } = (
      await redeem(server, answerOf(await browser.open(authorizeAddress({ scope: 'openid api1' }))).code)
    ).body;
    expect(decodeJwt(access_token as string)).not.toHaveProperty('authorization_details');
  });

  test.each([
    ['another amount', { ...payment, amount: { value: '10000.00', currency: 'EUR' } }],
    ['another receiver', { ...payment, to: 'Thief' }],
    ['one member more', { ...payment, tags: [] }],
    ['another type', { type: 'secret-type' }],
  ])('are not widened at a refresh: %s', async (_what, wider) => {
    const { refresh_token } = await tokensFor([payment]);
    for (const asked of [json(wider), json(payment, wider)]) {
      const { status, body } = await refresh(refresh_token, asked);
      expect([status, body.error]).toEqual([400, 'invalid_authorization_details']);
    }
    expect((await refresh(refresh_token, json(payment))).body.authorization_details).toEqual([payment]);
  });

  test('are not answered by what another request was given: a refresh that is repeated within the grace is for the same', async () => {
    const another = { ...payment, to: 'Baker' };
    const { refresh_token } = await tokensFor([payment, another]);
    const first = (await refresh(refresh_token, json(payment))).body;
    expect(first.authorization_details).toEqual([payment]);
    const { status, body } = await refresh(refresh_token, json(another));
    expect([status, body.error]).toEqual([400, 'invalid_grant']);
    expect((await refresh(refresh_token, json(payment))).body.access_token).toBe(first.access_token);
  });

  test('are not won by a refresh token that was granted none', async () => {
    const back = await browser.open(authorizeAddress({ scope: 'api1 offline_access' }));
    const { refresh_token } = (await redeem(server, answerOf(back).code)).body;
    expect((await refresh(refresh_token as string, json(payment))).body.error).toBe('invalid_authorization_details');
  });

  test('are not widened at the code, which is not used up by the try', async () => {
    const back = await browser.submit(await authorize(json(payment)), { decision: 'allow' });
    const { code } = answerOf(back);
    const wider = await redeem(server, code, { authorization_details: json({ ...payment, to: 'Thief' }) });
    expect(wider.body.error).toBe('invalid_authorization_details');
    expect((await redeem(server, code)).body.authorization_details).toEqual([payment]);
  });

  test('of one request are not agreed to by the answer to another', async () => {
    const harmless = await authorize(json(payment));
    const costly = await authorize(json({ ...payment, to: 'Thief' }));
    const back = await browser.submit(harmless, {
      decision: 'allow',
      authorization_details: json({ ...payment, to: 'Thief' }),
    });
    const { body } = await redeem(server, answerOf(back).code);
    expect(body.authorization_details).toEqual([payment]);
    // The other one still waits for its own answer.
    expect((await browser.open(costly.url)).text).toContain('Thief');
  });

  describe('are shown to people as they are', () => {
    const shown = async (to: string) => {
      const page = await authorize(json({ ...payment, to }));
      expect(page.url.pathname).toBe('/consent');
      return page;
    };

    test('markup is text', async () => {
      const { html, text } = await shown(
        '<img src=x onerror=alert(1)><script>alert(1)</script>"\'{{ client }}{% raw %}',
      );
      expect(html).not.toMatch(/<img src=x|<script>alert/);
      expect(text).toContain('<script>alert(1)</script>"\'{{ client }}{% raw %}');
    });

    test('a placeholder in a value is not filled in', async () => {
      const { text } = await shown('{amount.value} of {to}');
      expect(text).toContain('to \u2068{amount.value} of {to}\u2069');
    });

    test('characters that turn the direction of the text are taken out, and line ends with them', async () => {
      const { html } = await shown('good\u202e\u2066\u200f\u0000\r\n\u2028evil\u200b');
      expect(html).toContain('\u2068good evil\u2069');
      expect(html).not.toMatch(/[\u202a-\u202e\u2066\u2067\u200e\u200f\u200b\u2028\0]/);
    });

    test('nor do they turn it in the name of a member, where a client may choose the names', async () => {
      const { html, url } = await authorize(json({ type: 'note', 'good\u202e\u2069\r\n\u2028evil\u200b': 'yes' }));
      expect(url.pathname).toBe('/consent');
      expect(html).toContain('good evil');
      expect(html).not.toMatch(/[\u202a-\u202e\u2066\u2067\u200e\u200f\u200b\u2028]/);
    });

    test('a value cannot close the isolate that it stands in', async () => {
      const { html } = await shown('\u2069Nobody\u2069');
      expect(html).toContain('\u2068Nobody\u2069');
    });

    test('a long value is shown to its end: nobody agrees to what was cut off', async () => {
      const { text } = await shown(`${'x'.repeat(990)} the end`);
      expect(text).toContain(`${'x'.repeat(990)} the end\u2069`);
    });
  });

  test('whose schema is none stop the start, and say why', async () => {
    const bad = [
      { type: 'a', schema: { type: 'objekt' } },
      { type: 'b', schema: { propertys: {} } },
      { type: 'c', schema: { $ref: 'https://elsewhere.example/schema.json' } },
      { type: 'd', schema: { $async: true } },
      { type: 'e', schema: {}, resource: 'nowhere' },
      { type: 'a', schema: {} },
    ];
    const clients = [webClient('web', { authorizationDetailsTypes: ['x'] })];
    const start = startForPeople(clients, { options: { authorizationDetailTypes: bad }, logger: false });
    const { faults } = (await start.then(
      () => ({ faults: [] }),
      (error: unknown) => error,
    )) as { faults: { path: string }[] };
    expect(faults.map(({ path }) => path).sort()).toEqual([
      'authorizationDetailTypes[0].schema',
      'authorizationDetailTypes[1].schema',
      'authorizationDetailTypes[2].schema',
      'authorizationDetailTypes[3].schema',
      'authorizationDetailTypes[4].resource',
      'authorizationDetailTypes[5].type',
      'clients[2].authorizationDetailsTypes',
    ]);
  });
});
