import { answer, IntrospectionEndpoint, outcome } from './introspection-endpoint.spec.fixture.js';

const endpoint = new IntrospectionEndpoint();
beforeAll(() => endpoint.open());
beforeEach(() => endpoint.reset());
afterAll(() => endpoint.close());

describe('An introspection request', () => {
  it('is a form with the token and its hint, and asks for JSON (RFC 7662 §2.1)', async () => {
    endpoint.activate('t0ken+/=');
    await endpoint.client().introspect('t0ken+/=');
    const [{ method, path, headers, form }] = endpoint.requests as [(typeof endpoint.requests)[0]];
    expect([method, path]).toEqual(['POST', '/introspect']);
    expect(headers).toMatchObject({
      accept: 'application/json',
      'content-type': expect.stringMatching(/^application\/x-www-form-urlencoded/),
      authorization: `Basic ${Buffer.from('api1:very-secret').toString('base64')}`,
    });
    expect([...form]).toEqual([
      ['token', 't0ken+/='],
      ['token_type_hint', 'access_token'],
    ]);
  });

  it('encodes name and secret each before they are joined (RFC 6749 §2.3.1)', async () => {
    await endpoint.client({ clientId: 'https://api:1', clientSecret: 'a b+c%:é' }).introspect('token');
    const [, credentials] = endpoint.requests[0]!.headers.authorization!.split(' ');
    expect(Buffer.from(credentials!, 'base64').toString()).toBe('https%3A%2F%2Fapi%3A1:a+b%2Bc%25%3A%C3%A9');
  });

  it('carries the secret in the form, and there alone, with client_secret_post', async () => {
    await endpoint.client({ authMethod: 'client_secret_post' }).introspect('token');
    const { headers, form } = endpoint.requests[0]!;
    expect(headers.authorization).toBeUndefined();
    expect(Object.fromEntries(form)).toMatchObject({ client_id: 'api1', client_secret: 'very-secret' });
  });
});

describe('The answer of an issuer', () => {
  it('is given with all of its members, frozen in all depth', async () => {
    endpoint.activate('good', { scope: 'api1', cnf: { jkt: 'thumbprint' } });
    const members = await endpoint.client().introspect('good');
    expect(members).toMatchObject({ active: true, sub: 'alice', scope: 'api1', cnf: { jkt: 'thumbprint' } });
    expect(Object.isFrozen(members) && Object.isFrozen(members!['cnf'])).toBe(true);
  });

  it.each([
    ['false', { active: false }],
    ["the text 'true'", { active: 'true' }],
    ["the text 'false'", { active: 'false' }],
    ['1', { active: 1 }],
    ['null', { active: null }],
    ['an object', { active: {} }],
    ['missing', { sub: 'alice' }],
  ])('means "not active" where `active` is %s', async (_, body) => {
    endpoint.answers.set('token', answer(200, body));
    expect(await outcome(endpoint.client(), 'token')).toBe('inactive');
    expect(endpoint.failures).toEqual([]);
  });
});

describe('An active token', () => {
  it('is asked about once in the lifetime of the answer', async () => {
    endpoint.activate('good');
    const client = endpoint.client();
    const first = await client.introspect('good');
    endpoint.now += 29;
    expect(await client.introspect('good')).toBe(first);
    endpoint.answers.clear();
    expect(await outcome(client, 'good')).toBe('active');
    endpoint.now += 1;
    expect(await outcome(client, 'good')).toBe('inactive');
    expect(endpoint.requests).toHaveLength(2);
  });

  it('is never taken for active beyond its exp without being asked about (RFC 7662 §4)', async () => {
    endpoint.activate('short', { exp: endpoint.now + 5 });
    const client = endpoint.client();
    await outcome(client, 'short');
    endpoint.answers.clear();
    endpoint.now += 4;
    expect(await outcome(client, 'short')).toBe('active');
    endpoint.now += 1;
    expect(await outcome(client, 'short')).toBe('inactive');
  });

  it.each([['1750009999'], [null], [{}]])('is not remembered where exp cannot be read: %j', async (exp) => {
    endpoint.activate('odd', { exp });
    const client = endpoint.client();
    expect([await outcome(client, 'odd'), await outcome(client, 'odd')]).toEqual(['active', 'active']);
    expect(endpoint.requests).toHaveLength(2);
  });

  it('is remembered for the whole lifetime where the issuer names no exp', async () => {
    endpoint.answers.set('endless', answer(200, { active: true }));
    const client = endpoint.client();
    await outcome(client, 'endless');
    endpoint.now += 29;
    expect(await outcome(client, 'endless')).toBe('active');
    expect(endpoint.requests).toHaveLength(1);
  });

  it('is asked about each time with a cacheLifetime of 0', async () => {
    endpoint.activate('good');
    const client = endpoint.client({ cacheLifetime: 0 });
    await client.introspect('good');
    endpoint.answers.clear();
    expect(await outcome(client, 'good')).toBe('inactive');
  });

  it('counts its lifetime from the moment it was asked about, not from the answer', async () => {
    endpoint.answers.set('slow', (response) => {
      endpoint.now += 20;
      answer(200, { active: true })(response, 'slow');
    });
    const client = endpoint.client();
    await client.introspect('slow');
    endpoint.answers.clear();
    endpoint.now += 10;
    expect(await outcome(client, 'slow')).toBe('inactive');
  });

  it('has nothing in common with a token that differs in the last character', async () => {
    endpoint.activate('a'.repeat(5_000) + 'x');
    const client = endpoint.client();
    expect(await outcome(client, 'a'.repeat(5_000) + 'x')).toBe('active');
    expect(await outcome(client, 'a'.repeat(5_000) + 'y')).toBe('inactive');
  });
});

describe('A token that is not active', () => {
  it('is remembered briefly', async () => {
    const client = endpoint.client();
    await client.introspect('late');
    endpoint.activate('late');
    endpoint.now += 9;
    expect(await outcome(client, 'late')).toBe('inactive');
    endpoint.now += 1;
    expect(await outcome(client, 'late')).toBe('active');
  });

  it('is asked about each time with a negativeCacheLifetime of 0', async () => {
    const client = endpoint.client({ negativeCacheLifetime: 0 });
    await client.introspect('late');
    endpoint.activate('late');
    expect(await outcome(client, 'late')).toBe('active');
  });
});

describe('A flood', () => {
  it('of 50 requests with one token asks once', async () => {
    endpoint.activate('popular');
    const client = endpoint.client();
    const all = await Promise.all(Array.from({ length: 50 }, () => client.introspect('popular')));
    expect(new Set(all).size).toBe(1);
    expect(endpoint.requests).toHaveLength(1);
  });

  it('of 50 requests with one token that fails asks once, and refuses all of them', async () => {
    endpoint.answers.set('popular', answer(500, ''));
    const client = endpoint.client();
    const all = await Promise.all(Array.from({ length: 50 }, () => outcome(client, 'popular')));
    expect(new Set(all)).toEqual(new Set(['issuer_unavailable']));
    expect(endpoint.requests).toHaveLength(1);
    expect(endpoint.failures).toHaveLength(1);
  });

  it('of made-up tokens pushes no good one out', async () => {
    endpoint.activate('good');
    const client = endpoint.client({ cacheSize: 10 });
    await client.introspect('good');
    for (let n = 0; n < 50; n++) await client.introspect(`made-up-${n}`);
    await client.introspect('good');
    expect(endpoint.requests.filter(({ form }) => form.get('token') === 'good')).toHaveLength(1);
  });

  it('of good tokens keeps no more than cacheSize, and those in use the longest', async () => {
    endpoint.everyAnswer = answer(200, { active: true });
    const client = endpoint.client({ cacheSize: 3 });
    for (const token of ['a', 'b', 'c', 'a', 'd', 'a', 'b']) await client.introspect(token);
    expect(endpoint.requests.map(({ form }) => form.get('token'))).toEqual(['a', 'b', 'c', 'd', 'b']);
  });

  it('of made-up tokens has 100 requests under way at most; what is beyond hears 503, what is remembered is served', async () => {
    endpoint.activate('good');
    const client = endpoint.client();
    await client.introspect('good');
    const held: (() => void)[] = [];
    endpoint.everyAnswer = (response) => held.push(() => answer(200, { active: false })(response, ''));
    const flood = Array.from({ length: 100 }, (_, n) => outcome(client, `made-up-${n}`));
    await endpoint.received(101);
    expect(await outcome(client, 'one-too-many')).toBe('issuer_unavailable');
    expect(await outcome(client, 'good')).toBe('active');
    for (const release of held) release();
    expect(new Set(await Promise.all(flood))).toEqual(new Set(['inactive']));
    endpoint.everyAnswer = undefined;
    expect(await outcome(client, 'one-too-many')).toBe('inactive');
    expect(endpoint.requests).toHaveLength(102);
    expect(endpoint.failures).toEqual([]);
  });
});
