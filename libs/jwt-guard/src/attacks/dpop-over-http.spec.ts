import { All, Controller, Get, Post, RequestMethod } from '@nestjs/common';
import type { Adapter } from '../guard/guarded-app.spec.fixture.js';
import { RequireScopes } from '../requirements/require-scopes.decorator.js';
import type { DpopOptions, JwtGuardOptions } from '../options/jwt-guard.options.js';
import { TestIssuer } from '../testing/index.js';
import { AttackedApi, rawHeaders, type RawAnswer } from './attacked-api.spec.fixture.js';

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

@Controller('admin')
class AdminController {
  @All()
  @RequireScopes('admin')
  rule(): object {
    return { ok: true };
  }
}

const issuer = new TestIssuer();
const holder = issuer.dpopHolder();
const controllers = [ThingsController, AdminController];
const open: AttackedApi[] = [];
afterAll(() => Promise.all(open.map((api) => api.close())));

async function start(
  adapter: Adapter,
  dpop: DpopOptions['mode'] | DpopOptions,
  more: Partial<JwtGuardOptions> & { trustProxy?: boolean; prefix?: string } = {},
): Promise<AttackedApi> {
  const { trustProxy, prefix, ...options } = more;
  const api = await AttackedApi.start(adapter, issuer.guardOptions({ audience: 'api1', dpop, ...options }), {
    controllers,
    trustProxy,
    prepare: (app) => prefix && app.setGlobalPrefix(prefix, { exclude: [{ path: 'none', method: RequestMethod.GET }] }),
  });
  open.push(api);
  return api;
}

/** Headers of a good request for this URL, whatever the request is then. */
const signed = (method: string, url: string, token = holder.token({ scope: 'admin' }), nonce?: string): string[] =>
  rawHeaders(holder.headers(method, url, token, { nonce }));

const verdict = ({ status, headers }: RawAnswer): unknown[] => [
  status,
  /error="(\w+)"/.exec(headers['www-authenticate'] ?? '')?.[1],
];

describe.each(['Fastify', 'Express'] as const)('DPoP on %s', (adapter) => {
  let api: AttackedApi;
  let things: string;
  beforeAll(async () => {
    api = await start(adapter, 'allowed');
    things = `${api.url}/things`;
  });

  it('RFC 9449 §7.1: a bound token with its proof is let in, a plain bearer token still is', async () => {
    expect(verdict(await api.raw('/things', signed('GET', things)))).toEqual([200, undefined]);
    expect((await api.bearer('/things', issuer.token())).status).toBe(200);
  });

  it('RFC 9449 §7.1: the scheme does not depend on case', async () => {
    const [, authorization, , proof] = signed('GET', things);
    const answer = await api.raw('/things', ['Authorization', authorization!.replace('DPoP', 'dpop'), 'dpop', proof!]);
    expect(answer.status).toBe(200);
  });

  it('RFC 9449 §4.3: query and fragment of the htu do not count, those of the request neither', async () => {
    for (const [path, htu] of [
      ['/things?page=2&sort=a%20b', things],
      ['/things', `${things}?page=2`],
      ['/things?a=b', `${things}?c=d#e`],
    ] as const) {
      const token = holder.token();
      const headers = holder.headers('GET', things, token, { claims: { htu } });
      expect(verdict(await api.raw(path, rawHeaders(headers)))).toEqual([200, undefined]);
    }
  });

  it('replay: the same proof again, with the same token and another, here and at another path', async () => {
    const token = holder.token();
    const headers = holder.headers('GET', things, token);
    expect((await api.raw('/things', rawHeaders(headers))).status).toBe(200);
    expect(verdict(await api.raw('/things', rawHeaders(headers)))).toEqual([401, 'invalid_dpop_proof']);
    expect(verdict(await api.raw('/admin', rawHeaders(headers)))).toEqual([401, 'invalid_dpop_proof']);
    const other = { ...headers, authorization: `DPoP ${holder.token()}` };
    expect(verdict(await api.raw('/things', rawHeaders(other)))).toEqual([401, 'invalid_dpop_proof']);
  });

  it('replay: ten at once on ten connections, one gets in', async () => {
    const headers = signed('GET', things);
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.raw('/things', headers)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('a fresh proof for another path, method, scheme, host, port or token', async () => {
    for (const [method, url] of [
      ['GET', `${api.url}/admin`],
      ['GET', `${things}/`],
      ['POST', things],
      ['get', things],
      ['HEAD', things],
      ['GET', things.replace('http:', 'https:')],
      ['GET', things.replace('127.0.0.1', 'localhost')],
      ['GET', things.replace(/:\d+/, ':1')],
    ] as const) {
      expect(verdict(await api.raw('/things', signed(method, url)))).toEqual([401, 'invalid_dpop_proof']);
    }
    const proof = holder.proof('GET', things, holder.token());
    const answer = await api.raw('/things', ['Authorization', `DPoP ${holder.token()}`, 'DPoP', proof]);
    expect(verdict(answer)).toEqual([401, 'invalid_dpop_proof']);
  });

  it('HEAD: a proof for GET does not serve for it, one for HEAD does', async () => {
    expect((await api.raw('/things', signed('GET', things), { method: 'HEAD' })).status).toBe(401);
    expect((await api.raw('/things', signed('HEAD', things), { method: 'HEAD' })).status).toBe(200);
  });

  it('X-HTTP-Method-Override does not make a proof for GET one for POST', async () => {
    const headers = [
      ...signed('GET', things),
      'X-HTTP-Method-Override',
      'GET',
      'X-HTTP-Method',
      'GET',
      'Content-Length',
      '0',
    ];
    expect(verdict(await api.raw('/things', headers, { method: 'POST' }))).toEqual([401, 'invalid_dpop_proof']);
  });

  it('two DPoP headers, whichever of them is good, also the same twice', async () => {
    const [, authorization, , good] = signed('GET', things);
    const other = signed('GET', `${api.url}/admin`)[3]!;
    for (const [first, second] of [
      [good, other],
      [other, good],
      [good, good],
      [good, ''],
    ] as const) {
      const answer = await api.raw('/things', ['Authorization', authorization!, 'DPoP', first!, 'dpop', second!]);
      expect(verdict(answer)).toEqual([401, 'invalid_dpop_proof']);
      expect(answer.body).toContain('The request has more than one DPoP header.');
    }
    // None of them was used up by that.
    expect((await api.raw('/things', ['Authorization', authorization!, 'DPoP', good!])).status).toBe(200);
  });

  it('a bound token without a proof, with an empty one, and with one in the query or a cookie', async () => {
    const [, authorization, , proof] = signed('GET', things);
    const head = ['Authorization', authorization!];
    for (const answer of [
      await api.raw('/things', head),
      await api.raw('/things', [...head, 'DPoP', '']),
      await api.raw(`/things?dpop=${proof}&DPoP=${proof}`, head),
      await api.raw('/things', [...head, 'Cookie', `dpop=${proof}; DPoP=${proof}`]),
    ]) {
      expect(verdict(answer)).toEqual([401, 'invalid_dpop_proof']);
    }
  });

  it('RFC 9449 §7.2: a bound token as Bearer is refused, with its proof as well', async () => {
    const token = holder.token();
    expect((await api.bearer('/things', token)).status).toBe(401);
    const answer = await api.raw('/things', [
      ...['Authorization', `Bearer ${token}`],
      ...['DPoP', holder.proof('GET', things, token)],
    ]);
    expect(verdict(answer)).toEqual([401, 'invalid_token']);
  });

  it('RFC 9449 §7.1: a plain token under the DPoP scheme is refused, with a good proof of some key as well', async () => {
    expect(verdict(await api.raw('/things', signed('GET', things, issuer.token())))).toEqual([401, 'invalid_token']);
  });

  it('a proof by another key than the one of the token', async () => {
    const thief = issuer.dpopHolder();
    const answer = await api.raw('/things', rawHeaders(thief.headers('GET', things, holder.token())));
    expect(verdict(answer)).toEqual([401, 'invalid_dpop_proof']);
  });

  it('a token that is bound in a second way, which nobody checks here, though its proof is good', async () => {
    for (const more of [{ kid: 'x' }, { jwk: {} }, { jkt: 1 }, { 'x5t#S256': '' }, { 'x5t#S256': 'x'.repeat(43) }]) {
      const token = holder.token({ cnf: { jkt: holder.thumbprint, ...more } });
      expect(verdict(await api.raw('/things', signed('GET', things, token)))).toEqual([401, 'invalid_token']);
    }
  });

  it('a private key in a proof', async () => {
    const { jwk } = JSON.parse(Buffer.from(holder.proof('GET', things).split('.')[0]!, 'base64url').toString()) as {
      jwk: object;
    };
    const token = holder.token();
    const headers = holder.headers('GET', things, token, { header: { jwk: { ...jwk, d: 'AAAA' } } });
    const answer = await api.raw('/things', rawHeaders(headers));
    expect(verdict(answer)).toEqual([401, 'invalid_dpop_proof']);
    expect(answer.body).toMatch(/private key/);
  });

  it('a proof from ten minutes ago, and one for in ten minutes', async () => {
    for (const away of [-600, 600]) {
      const headers = holder.headers('GET', things, holder.token(), { claims: { iat: issuer.now + away } });
      // With the ath of another token the answer would be the same: this one must be good but for its time.
      const token = headers.authorization.slice('DPoP '.length);
      const proof = holder.proof('GET', things, token, { claims: { iat: issuer.now + away } });
      const answer = await api.raw('/things', rawHeaders({ ...headers, dpop: proof }));
      expect(verdict(answer)).toEqual([401, 'invalid_dpop_proof']);
      expect(answer.body).toMatch(/older than|time to come/);
    }
  });

  it('no answer echoes the proof or the token', async () => {
    const [, authorization, , proof] = signed('GET', `${api.url}/admin`);
    const answer = await api.raw('/things', ['Authorization', authorization!, 'DPoP', proof!]);
    const text = answer.body + JSON.stringify(answer.headers);
    for (const part of [...proof!.split('.'), ...authorization!.slice(5).split('.')]) expect(text).not.toContain(part);
  });
});

describe.each(['Fastify', 'Express'] as const)('The htu of a proof on %s', (adapter) => {
  const forwarded = ['X-Forwarded-Proto', 'https', 'X-Forwarded-Host', 'api.example.com'];
  const outside = 'https://api.example.com/things';

  it('X-Forwarded-* changes nothing without trust', async () => {
    const api = await start(adapter, 'required');
    const headers = signed('GET', outside);
    expect(verdict(await api.raw('/things', [...headers, ...forwarded]))).toEqual([401, 'invalid_dpop_proof']);
    const more = [
      'Forwarded',
      'proto=https;host=api.example.com',
      'X-Forwarded-Port',
      '443',
      'X-Original-URL',
      '/admin',
    ];
    const good = signed('GET', `${api.url}/things`);
    expect((await api.raw('/things', [...good, ...forwarded, ...more])).status).toBe(200);
  });

  it('is held against X-Forwarded-* where the application trusts its proxy', async () => {
    const api = await start(adapter, 'required', { trustProxy: true });
    expect((await api.raw('/things', [...signed('GET', outside), ...forwarded])).status).toBe(200);
    const inside = signed('GET', `${api.url}/things`);
    expect(verdict(await api.raw('/things', [...inside, ...forwarded]))).toEqual([401, 'invalid_dpop_proof']);
  });

  it('is held against publicUrl, whatever Host and X-Forwarded-* say', async () => {
    const api = await start(adapter, 'required', { trustProxy: true, publicUrl: 'https://api.example.com' });
    const thief = ['Host', 'evil.example.com', 'X-Forwarded-Host', 'evil.example.com', 'X-Forwarded-Proto', 'http'];
    expect((await api.raw('/things', [...signed('GET', outside), ...thief])).status).toBe(200);
    // A proof that was made for a server of the thief's, at which the same path was asked for.
    for (const url of ['http://evil.example.com/things', 'https://evil.example.com/things']) {
      expect(verdict(await api.raw('/things', [...signed('GET', url), ...thief]))).toEqual([401, 'invalid_dpop_proof']);
    }
  });

  it('publicUrl may have a path that the proxy takes away; a global prefix counts', async () => {
    const api = await start(adapter, 'required', { publicUrl: 'https://example.com/shop', prefix: 'v1' });
    const good = await api.raw('/v1/things?a=b', signed('GET', 'https://example.com/shop/v1/things'));
    expect(good.status).toBe(200);
    for (const path of ['/things', '/shop/things', '/v1/things', '/shop/shop/v1/things']) {
      const answer = await api.raw('/v1/things', signed('GET', `https://example.com${path}`));
      expect(verdict(answer)).toEqual([401, 'invalid_dpop_proof']);
    }
  });

  it.each(['Host', 'X-Forwarded-Host', 'X-Forwarded-Proto'])(
    'a stolen proof for one path does not open another by an %s that brings its own path along',
    async (name) => {
      const api = await start(adapter, 'required', { trustProxy: name !== 'Host' });
      const { host } = new URL(api.url);
      for (const end of ['?', '#', '/.?', '/things?', '/things#', '/things/..?x=', '\\things?']) {
        const path = end.startsWith('/things') ? '/things' : '/';
        const value = name === 'X-Forwarded-Proto' ? `http://${host}${end}` : `${host}${end}`;
        const answer = await api.raw('/admin', [...signed('GET', `http://${host}${path}`), name, value]);
        expect(verdict(answer)).toEqual([401, 'invalid_dpop_proof']);
      }
      const named = [`user@${host}`, `user:secret@${host}`, ' ', '', `${host}:80`, `x, ${host}`, `[${host}`];
      for (const value of named) {
        const answer = await api.raw('/admin', [...signed('GET', `http://${host}/things`), name, value]);
        expect(answer.status).toBe(401);
      }
    },
  );

  it('a target with a host of its own, or with none, proves nothing', async () => {
    const api = await start(adapter, 'required');
    const { host } = new URL(api.url);
    for (const target of ['http://evil.example.com/things', `${api.url}/things`, `//${host}/things`]) {
      for (const url of ['http://evil.example.com/things', `${api.url}/things`]) {
        expect((await api.raw(target, signed('GET', url))).status).not.toBe(200);
      }
    }
  });
});

describe.each(['Fastify', 'Express'] as const)('The nonce of a proof on %s', (adapter) => {
  let api: AttackedApi;
  let things: string;
  beforeAll(async () => {
    api = await start(adapter, { mode: 'required', requireNonce: true });
    things = `${api.url}/things`;
  });
  const ask = (nonce?: string) => api.raw('/things', signed('GET', things, holder.token(), nonce));

  it('RFC 9449 §9: use_dpop_nonce with DPoP-Nonce, then success with that nonce', async () => {
    const refused = await ask();
    expect(verdict(refused)).toEqual([401, 'use_dpop_nonce']);
    expect(refused.headers['cache-control']).toBe('no-store');
    const nonce = refused.headers['dpop-nonce'] as string;
    expect(nonce).toMatch(/^[\x21\x23-\x5B\x5D-\x7E]+$/);
    const accepted = await ask(nonce);
    expect(accepted.status).toBe(200);
    expect(accepted.headers['dpop-nonce']).toBeUndefined();
    expect(accepted.headers['cache-control']).toBeUndefined();
  });

  it('a nonce that is not ours, and a made-up one of the same length', async () => {
    for (const nonce of ['', 'x', 'A'.repeat(43), ` `]) {
      expect(verdict(await ask(nonce))).toEqual([401, 'use_dpop_nonce']);
    }
  });

  it('RFC 9449 §8.2: a success gives the next nonce once the window has turned, and is not stored by caches', async () => {
    const first = (await ask()).headers['dpop-nonce'] as string;
    issuer.advance(120);
    const turned = await ask(first);
    expect(turned.status).toBe(200);
    const next = turned.headers['dpop-nonce'] as string;
    expect(next).toMatch(/^[\w-]{43}$/);
    expect(next).not.toBe(first);
    expect(turned.headers['cache-control']).toBe('no-store');
    expect((await ask(next)).headers['dpop-nonce']).toBeUndefined();
    // Also where the proof was good and something else was not.
    issuer.advance(120);
    const barred = await api.raw('/admin', signed('GET', `${api.url}/admin`, holder.token(), next));
    expect(verdict(barred)).toEqual([403, 'insufficient_scope']);
    expect(barred.headers['dpop-nonce']).toMatch(/^[\w-]{43}$/);
    expect(verdict(await ask(first))).toEqual([401, 'use_dpop_nonce']);
  });
});
