import { Controller, Get, Post } from '@nestjs/common';
import type { Adapter } from '../guard/guarded-app.spec.fixture.js';
import { LoopbackIssuer } from '../loopback-issuer.spec.fixture.js';
import type { JwtGuardOptions } from '../options/jwt-guard.options.js';
import { codeOf } from '../testing/bad-tokens.spec.fixture.js';
import { TestIssuer } from '../testing/index.js';
import type { AccessTokenErrorCode } from '../token/access-token.error.js';
import { AttackedApi } from './attacked-api.spec.fixture.js';

@Controller('things')
class ThingsController {
  @Get()
  list(): object {
    return { ok: true };
  }

  @Post()
  create(): object {
    return { ok: true };
  }
}

const issuer = new TestIssuer();
const open: AttackedApi[] = [];
afterAll(() => Promise.all(open.map((api) => api.close())));

/** An application, and the code of each refusal, the last one last. */
async function start(adapter: Adapter, options: JwtGuardOptions) {
  const codes: AccessTokenErrorCode[] = [];
  const hooks = { refused: ({ code }: { code: AccessTokenErrorCode }) => void codes.push(code) };
  const api = await AttackedApi.start(adapter, { ...options, hooks }, { controllers: [ThingsController] });
  open.push(api);
  /** 200, or the code of the refusal, whose answer is never more than a 401. */
  const judge = async (token: string): Promise<string | number> => {
    const response = await api.bearer('/things', token);
    if (response.status === 401) return codes.at(-1)!;
    return response.status;
  };
  return { api, codes, judge };
}

describe.each(['Fastify', 'Express'] as const)('Forged tokens on %s', (adapter) => {
  const guards = {
    'at+jwt': undefined as unknown as Awaited<ReturnType<typeof start>>,
    any: undefined as unknown as Awaited<ReturnType<typeof start>>,
  };
  beforeAll(async () => {
    for (const tokenType of ['at+jwt', 'any'] as const) {
      guards[tokenType] = await start(adapter, issuer.guardOptions({ audience: 'api1', tokenType }));
    }
  });

  it.each(issuer.bad.all())('%s', async (name, make) => {
    expect(await guards['at+jwt'].judge(make())).toBe(codeOf[name]);
    expect(await guards.any.judge(make())).toBe(codeOf[name]);
  });

  it.each(['nonce', 'at_hash', 'c_hash', 's_hash', 'events'])(
    'an id_token or logout token that is known by its %s alone, also where typ is not asked for',
    async (name) => {
      for (const typ of ['JWT', undefined, 'at+jwt']) {
        const token = issuer.token({ [name]: 'x' }, { header: { typ } });
        expect(await guards.any.judge(token)).toBe('token_type_mismatch');
      }
      expect(await guards.any.judge(issuer.token({}, { header: { typ: 'JWT' } }))).toBe(200);
    },
  );

  it.each([
    'logout+jwt',
    'dpop+jwt',
    'secevent+jwt',
    'oauth-authz-req+jwt',
    'token-introspection+jwt',
    '',
    'at',
    1,
    ['at+jwt'],
    null,
  ])('wrong typ: %j', async (typ) => {
    const token = issuer.token({}, { header: { typ } });
    for (const { judge } of Object.values(guards)) expect(await judge(token)).toBe('token_type_mismatch');
  });

  it.each([{ crit: ['exp'], exp: 1 }, { crit: [] }, { crit: null }, { crit: ['b64'], b64: true }, { b64: false }])(
    'RFC 7515 §4.1.11, RFC 7797 §7: a header that demands an extension: %j',
    async (header) => {
      for (const { judge } of Object.values(guards)) {
        expect(await judge(issuer.token({}, { header }))).toBe('critical_header_unknown');
      }
    },
  );

  it('a DPoP proof in the place of the token', async () => {
    expect(await guards.any.judge(issuer.dpopHolder().proof('GET', guards.any.api.url))).toBe('claim_missing');
  });

  it('jwk, jku, x5u and x5c headers change nothing about a good token either', async () => {
    const header = { jwk: { kty: 'oct', k: 'AA' }, jku: 'http://127.0.0.1:1', x5u: 'file:///etc/passwd', x5c: ['AA'] };
    expect(await guards['at+jwt'].judge(issuer.token({}, { header }))).toBe(200);
  });

  it.each(['../../../../etc/passwd', '/dev/null', 'key-1\0', 'key-1 ', 'KEY-1', "' or 1=1 --", '__proto__', ''])(
    'kid as a path, a query or a name that is nearly right: %j',
    async (kid) => {
      expect(await guards['at+jwt'].judge(issuer.token({}, { header: { kid } }))).toBe('key_unknown');
    },
  );

  it('a token that is not in the Authorization header is no token: query, form, JSON, cookie, other headers', async () => {
    const { api } = guards['at+jwt'];
    const token = issuer.token();
    const json = JSON.stringify({ access_token: token });
    const form = new URLSearchParams({ access_token: token });
    const headers: Record<string, string>[] = [
      { cookie: `access_token=${token}; Authorization=Bearer ${token}; token=${token}` },
      { 'proxy-authorization': `Bearer ${token}` },
      { 'x-authorization': `Bearer ${token}`, 'x-access-token': token, 'x-forwarded-authorization': `Bearer ${token}` },
      { 'sec-websocket-protocol': `Bearer, ${token}` },
    ];
    const answers = [
      await fetch(`${api.url}/things?access_token=${token}&token=${token}`),
      await fetch(`${api.url}/things`, { method: 'POST', body: json, headers: { 'content-type': 'application/json' } }),
      ...(await Promise.all(headers.map((one) => fetch(`${api.url}/things`, { headers: one })))),
      // Fastify reads no forms by itself, and says so before any guard.
      ...(adapter === 'Express' ? [await fetch(`${api.url}/things`, { method: 'POST', body: form })] : []),
    ];
    for (const { status, headers: sent } of answers) {
      expect([status, sent.get('www-authenticate')]).toEqual([401, 'Bearer realm="api1"']);
    }
  });

  it.each(['Basic', 'Token', 'JWT', 'Bearer\t', 'Bearer,', 'Bearer:', 'DPoP', 'xBearer', 'Bearer=', ''])(
    'a good token under the scheme %j',
    async (scheme) => {
      const answer = await guards['at+jwt'].api.raw('/things', ['Authorization', `${scheme} ${issuer.token()}`]);
      expect(answer.status).toBe(401);
    },
  );

  it('a good token with something around it', async () => {
    const token = issuer.token();
    const { api } = guards['at+jwt'];
    for (const value of [
      `"${token}"`,
      `${token},`,
      `${token} x`,
      `x ${token}`,
      `${token};`,
      `${token}=`,
      `.${token}`,
      `${token}.`,
      `<${token}>`,
      `%20${token}`,
      `${token}\u00a0`,
    ]) {
      expect((await api.raw('/things', ['Authorization', `Bearer ${value}`])).status).toBe(401);
    }
    // RFC 9110 §5.5: white space around a field value is no part of it.
    expect((await api.raw('/things', ['Authorization', ` Bearer ${token} \t`])).status).toBe(200);
  });

  it('two tokens that differ in the last byte, each after the other was judged', async () => {
    const { judge } = guards['at+jwt'];
    const good = issuer.token();
    const changed = good.slice(0, -1) + (good.endsWith('A') ? 'Q' : 'A');
    for (const token of [good, changed, good, changed]) expect((await judge(token)) === 200).toBe(token === good);
    const other = issuer.token();
    const swapped = good.slice(0, good.lastIndexOf('.')) + other.slice(other.lastIndexOf('.'));
    expect(await judge(swapped)).toBe('signature_invalid');
  });

  it('huge tokens: many at once cost no more than reading them, and a good token waits for none', async () => {
    const { api, judge } = guards['at+jwt'];
    const parts = [
      '.'.repeat(16_000),
      'A'.repeat(16_000),
      `${'A'.repeat(8_000)}.${'A'.repeat(7_000)}.AA`,
      `e30.${'W1'.repeat(7_000)}.AA`,
    ];
    const nested = Buffer.from(`{"iss":${'['.repeat(11_000)}`).toString('base64url');
    const huge = [...parts, `e30.${nested}.AA`, 'A'.repeat(20_000)];
    const statuses = await Promise.all(
      [...huge, ...huge, ...huge, ...huge].map(
        async (text) => (await api.raw('/things', ['Authorization', `Bearer ${text}`])).status,
      ),
    );
    // Express stands behind a server of node's with its own limit.
    for (const status of statuses) expect([401, 431]).toContain(status);
    expect(await judge(issuer.token())).toBe(200);
  });
});

describe.each(['Fastify', 'Express'] as const)('What one guard verified means nothing to another, on %s', (adapter) => {
  it('cache confusion: other audiences, issuers, algorithms, claims and types in one process', async () => {
    const token = issuer.token({ tenant: 'a' });
    const trusted = (more: Partial<JwtGuardOptions>) =>
      start(adapter, { ...issuer.guardOptions({ audience: 'api1' }), ...more });
    const impostor = new TestIssuer({ issuer: 'https://impostor.test', audience: 'api1' });
    const good = await trusted({});
    const others: [string, Awaited<ReturnType<typeof start>>][] = [
      ['audience_mismatch', await trusted({ audience: 'api2' })],
      ['issuer_mismatch', await start(adapter, impostor.guardOptions({ audience: 'api1' }))],
      ['signature_invalid', await trusted({ jwks: impostor.jwks() })],
      ['algorithm_not_allowed', await trusted({ algorithms: ['RS256'] })],
      ['claim_invalid', await trusted({ requiredClaims: { tenant: 'b' } })],
      ['token_unbound', await trusted({ dpop: 'required' })],
      ['token_unbound', await trusted({ mtls: 'required' })],
      ['token_expired', await trusted({ clock: () => Date.now() + 7_200_000 })],
    ];
    for (let time = 0; time < 2; time++) {
      expect(await good.judge(token)).toBe(200);
      for (const [code, { judge }] of others) expect(await judge(token)).toBe(code);
    }
  });

  it('two issuers of one guard whose keys have the same name: neither speaks for the other', async () => {
    const [a, b] = ['a', 'b'].map((name) => new TestIssuer({ issuer: `https://${name}.test`, audience: 'api1' }));
    const issuers = [a!, b!].map((one) => ({ issuer: one.issuer, jwks: one.jwks() }));
    const { judge } = await start(adapter, { audience: 'api1', issuers });
    for (let time = 0; time < 2; time++) {
      expect(await judge(a!.token())).toBe(200);
      expect(await judge(b!.token())).toBe(200);
      expect(await judge(a!.token({ iss: b!.issuer }))).toBe('signature_invalid');
      expect(await judge(b!.token({ iss: a!.issuer }))).toBe('signature_invalid');
    }
  });

  it('what an issuer of a list asks for holds for its tokens alone', async () => {
    const [a, b] = ['a', 'b'].map((name) => new TestIssuer({ issuer: `https://${name}.test`, audience: 'api1' }));
    const { judge } = await start(adapter, {
      issuers: [
        { issuer: a!.issuer, jwks: a!.jwks(), audience: 'api1', requiredClaims: { tenant: 'a' } },
        { issuer: b!.issuer, jwks: b!.jwks(), audience: 'api2' },
      ],
    });
    expect(await judge(a!.token({ tenant: 'a' }))).toBe(200);
    expect(await judge(a!.token())).toBe('claim_missing');
    expect(await judge(b!.token({ tenant: 'a' }))).toBe('audience_mismatch');
    expect(await judge(a!.token({ tenant: 'a', aud: 'api2' }))).toBe('audience_mismatch');
    expect(await judge(b!.token({ aud: 'api2' }))).toBe(200);
  });
});

describe.each(['Fastify', 'Express'] as const)('Keys under attack on %s', (adapter) => {
  let loopback: LoopbackIssuer;
  let now: number;
  beforeEach(async () => {
    loopback = await LoopbackIssuer.start();
    now = Date.now();
  });
  afterEach(() => loopback.close());
  const guard = () => start(adapter, { issuer: loopback.url, audience: 'api1', clock: () => now });

  it('a flood of made-up kids causes one fetch more, and good tokens get in meanwhile', async () => {
    const { judge } = await guard();
    expect(await judge(await loopback.token())).toBe(200);
    const before = loopback.requests.length;
    const flood = Array.from({ length: 100 }, async (_, index) =>
      judge(await loopback.token({}, { header: { kid: `made-up-${index}` } })),
    );
    expect(await judge(await loopback.token())).toBe(200);
    expect(new Set(await Promise.all(flood))).toEqual(new Set(['key_unknown']));
    expect(loopback.requests.length - before).toBe(1);
  });

  it('a flood of made-up issuers, algorithms and types causes no fetch at all', async () => {
    const { judge } = await guard();
    await judge(await loopback.token());
    const before = loopback.requests.length;
    for (let index = 0; index < 20; index++) {
      await judge(await loopback.token({ iss: `${loopback.url}/${index}` }, { header: { kid: 'x' } }));
      await judge(await loopback.token({}, { header: { kid: `x${index}`, typ: 'JWT' } }));
    }
    expect(loopback.requests).toHaveLength(before);
  });

  it('a race: of requests with one token while its key is taken away none gets in afterwards', async () => {
    const { judge } = await guard();
    const token = await loopback.token();
    expect(await judge(token)).toBe(200);
    await loopback.addKey('second');
    loopback.removeKey('first');
    const waiting: (() => void)[] = [];
    loopback.faults.set('/jwks', (response) =>
      waiting.push(() => response.end(JSON.stringify({ keys: [...loopback.published.values()] }))),
    );
    now += 301_000;
    const asked = [judge(token), judge(token), judge(await loopback.token({}, { kid: 'second' }))];
    while (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    loopback.faults.clear();
    waiting.forEach((answer) => answer());
    expect(await Promise.all(asked)).toEqual(['key_unknown', 'key_unknown', 200]);
    expect(await judge(token)).toBe('key_unknown');
  });

  it('a race: two requests with one token that nobody knows yet, on a cold start, fetch once', async () => {
    const { judge } = await guard();
    const token = await loopback.token();
    expect(await Promise.all([judge(token), judge(token), judge(token)])).toEqual([200, 200, 200]);
    expect([loopback.metadataFetches, loopback.jwksFetches]).toEqual([1, 1]);
  });

  it('prototype pollution by the members of metadata and key sets', async () => {
    loopback.metadata = JSON.parse(
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    ) as Record<string, unknown>;
    loopback.published.set(
      '__proto__',
      JSON.parse('{"kty":"EC","kid":"__proto__","__proto__":{"polluted":true,"d":"x"}}') as object,
    );
    const { judge } = await guard();
    expect(await judge(await loopback.token())).toBe(200);
    expect(await judge(await loopback.token({}, { header: { kid: '__proto__' } }))).not.toBe(200);
    expect({}).not.toHaveProperty('polluted');
  });
});
