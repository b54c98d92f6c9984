import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { answer, IntrospectionEndpoint, outcome, refusal } from './introspection-endpoint.spec.fixture.js';

const endpoint = new IntrospectionEndpoint();
beforeAll(() => endpoint.open());
beforeEach(() => endpoint.reset());
afterAll(() => endpoint.close());

const nested = `{"active":true,"deep":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;

describe('What is no answer about the token', () => {
  it.each([
    ['wrong credentials, 401', 401, ''],
    ['wrong credentials, 403', 403, { active: false }],
    ['a rate limit', 429, ''],
    ['a fault', 500, { active: false }],
    ['a gateway without its server', 502, ''],
    ['a bad request', 400, { error: 'invalid_request' }],
    ['another success', 204, ''],
    ['text', 200, 'not active'],
    ['a signed answer (RFC 9701)', 200, 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln'],
    ['nothing', 200, ''],
    ['JSON that is cut off', 200, '{"active": true'],
    ['a list', 200, [{ active: true }]],
    ['null', 200, null],
    ['a value', 200, true],
    ['an answer that is longer than 64 kB', 200, { active: true, padding: 'x'.repeat(70_000) }],
    ['an answer that is nested without end', 200, nested],
  ])('is refused with 503, is told, and is not remembered as "not active": %s', async (_, status, body) => {
    endpoint.answers.set('good', answer(status, body));
    const client = endpoint.client();
    expect(await refusal(client, 'good')).toMatchObject({ code: 'issuer_unavailable', details: { retryAfter: 1 } });
    expect(endpoint.failures).toHaveLength(1);
    endpoint.activate('good');
    endpoint.now += 1;
    expect(await outcome(client, 'good')).toBe('active');
  });

  it('may be a redirect: it is not followed', async () => {
    endpoint.activate('good');
    for (const status of [302, 307, 308]) {
      endpoint.everyAnswer = answer(status, '', { location: endpoint.url });
      expect(await outcome(endpoint.client(), 'good')).toBe('issuer_unavailable');
    }
    expect(endpoint.requests).toHaveLength(3);
  });

  it('may be an answer that only trickles: the time limit holds for the body too', async () => {
    endpoint.answers.set('slow', (response) => {
      response.writeHead(200).write('{"active"');
      const timer = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(timer));
    });
    expect(await outcome(endpoint.client({ fetchTimeout: 0.3 }), 'slow')).toBe('issuer_unavailable');
    expect(endpoint.failures[0]!.message).toContain('timeout');
  });

  it('may be that the endpoint is not known, because the metadata cannot be had', async () => {
    const client = endpoint.client({}, () => Promise.reject(new Error('no metadata today')));
    expect(await outcome(client, 'good')).toBe('issuer_unavailable');
    expect(endpoint.failures[0]!.message).toBe('Introspection by https://id.example.com failed: no metadata today');
  });

  it('says in the log that our credentials are wrong', async () => {
    endpoint.everyAnswer = answer(401, '');
    await outcome(endpoint.client(), 'good');
    expect(endpoint.failures[0]!.message).toBe(
      'Introspection by https://id.example.com failed: the answer was 401: it does not accept clientId and clientSecret',
    );
  });
});

describe('The secret and the token', () => {
  it.each(['client_secret_basic', 'client_secret_post'] as const)(
    'are in no error, however deep, even where the issuer echoes them: %s',
    async (authMethod) => {
      const client = endpoint.client({ authMethod });
      const secrets = /t0k3n|very-secret|dmVyeS1zZWNyZX|YXBpMTp2ZXJ5/;
      const echo = (status: number) => answer(status, 't0k3n very-secret', { location: '/t0k3n' });
      for (const status of [200, 302, 400, 401, 500, 503]) {
        endpoint.everyAnswer = echo(status);
        const error = await refusal(client, 't0k3n');
        expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(secrets);
        endpoint.now += 10;
      }
      const unreadable = [
        (response: ServerResponse) => response.destroy(),
        (response: ServerResponse) => response.socket!.end('t0k3n very-secret\r\n\r\n'),
        (response: ServerResponse) => response.socket!.end('HTTP/1.1 200 OK\r\nt0k3n very-secret\r\n\r\n'),
      ];
      for (endpoint.everyAnswer of unreadable) {
        expect(inspect(await refusal(client, 't0k3n'), { depth: 20, showHidden: true })).not.toMatch(secrets);
        endpoint.now += 1;
      }
      expect(inspect(endpoint.failures, { depth: 20, showHidden: true })).not.toMatch(secrets);
      expect(endpoint.failures).toHaveLength(9);
    },
  );

  it('are not shown where the client itself is logged', async () => {
    const client = endpoint.client();
    await client.introspect('t0k3n');
    expect(inspect(client, { depth: 20 })).not.toMatch(/t0k3n|very-secret/);
  });
});

describe('An issuer that is away', () => {
  afterEach(async () => {
    await endpoint.close();
    await endpoint.open();
  });

  it('is not asked for a second; callers hear 503 at once, and what is remembered still counts', async () => {
    endpoint.activate('good');
    const client = endpoint.client();
    await client.introspect('good');
    await endpoint.close();
    for (let n = 0; n < 20; n++) expect(await outcome(client, `other-${n}`)).toBe('issuer_unavailable');
    expect(endpoint.failures).toHaveLength(1);
    expect(endpoint.failures[0]!.message).toContain('ECONNREFUSED');
    expect(await outcome(client, 'good')).toBe('active');
  });

  it('is not one that has merely closed the connections that were kept open', async () => {
    const client = endpoint.client({ negativeCacheLifetime: 0 });
    for (let n = 0; n < 10; n++) {
      expect(await outcome(client, `token-${n}`)).toBe('inactive');
      await endpoint.close();
      await endpoint.open();
    }
    expect(endpoint.failures).toEqual([]);
  });

  it('is asked by one request after the pause, while all others hear 503; its success opens the way', async () => {
    const client = endpoint.client();
    endpoint.everyAnswer = answer(503, '');
    await outcome(client, 'first');
    endpoint.now += 1;
    const held: (() => void)[] = [];
    endpoint.everyAnswer = (response) => held.push(() => answer(200, { active: true })(response, ''));
    const trial = outcome(client, 'trial');
    await endpoint.received(2);
    expect(await outcome(client, 'other')).toBe('issuer_unavailable');
    expect(endpoint.requests).toHaveLength(2);
    held[0]!();
    expect(await trial).toBe('active');
    endpoint.everyAnswer = undefined;
    expect(await outcome(client, 'other')).toBe('inactive');
  });

  it('begins the next pause with the failure of that request', async () => {
    const client = endpoint.client();
    endpoint.everyAnswer = answer(503, '');
    for (let n = 0; n < 10; n++) {
      await outcome(client, `at-the-start-${n}`);
      await outcome(client, `just-after-${n}`);
      endpoint.now += 1;
    }
    expect(endpoint.requests).toHaveLength(10);
  });

  it.each([
    ['5', 5],
    ['100000', 10],
    ['0', 1],
    ['Wed, 21 Oct 2026 07:28:00 GMT', 1],
  ])('says with Retry-After: %s how long it wants peace, and has it for %i seconds', async (header, seconds) => {
    const client = endpoint.client();
    endpoint.everyAnswer = answer(429, '', { 'retry-after': header });
    expect((await refusal(client, 'first')).details.retryAfter).toBe(seconds);
    endpoint.now += seconds - 0.5;
    expect((await refusal(client, 'second')).details.retryAfter).toBe(1);
    expect(endpoint.requests).toHaveLength(1);
    endpoint.now += 0.5;
    await outcome(client, 'third');
    expect(endpoint.requests).toHaveLength(2);
  });
});

describe('A token that the issuer stumbles over', () => {
  it.each([
    ['a fault', answer(500, '')],
    ['a firewall', answer(403, '')],
    ['a huge answer', answer(200, 'x'.repeat(100_000))],
    ['nonsense', answer(200, 'x')],
  ])('does not shut the others out, and is itself not asked about for a second: %s', async (_, stumble) => {
    endpoint.activate('good');
    endpoint.answers.set('../../etc/passwd', stumble);
    const client = endpoint.client({ cacheLifetime: 0 });
    for (let n = 0; n < 5; n++) {
      expect(await outcome(client, '../../etc/passwd')).toBe('issuer_unavailable');
      expect(await outcome(client, 'good')).toBe('active');
    }
    expect(endpoint.failures).toHaveLength(1);
    endpoint.now += 1;
    await outcome(client, '../../etc/passwd');
    expect(endpoint.failures).toHaveLength(2);
  });
});
