import { Controller, Get, Header } from '@nestjs/common';
import { AttackedApi, rawHeaders } from '../attacks/attacked-api.spec.fixture.js';
import type { Adapter } from '../guard/guarded-app.spec.fixture.js';
import type { JwtGuardOptions } from '../options/jwt-guard.options.js';
import { RequireAcr, RequireMaxAge } from '../requirements/require-authentication.decorators.js';
import { RequireClaims } from '../requirements/require-claims.decorator.js';
import { RequireRoles } from '../requirements/require-roles.decorator.js';
import { RequireScopes } from '../requirements/require-scopes.decorator.js';
import { TestIssuer } from '../testing/index.js';

/** Whatever a developer writes must not become a header of its own, nor a parameter. */
const hostile = 'a"b\\c\r\nSet-Cookie: x=y\u0000é\u2028, error="none"';

@Controller('things')
class ThingsController {
  @Get()
  @Header('Access-Control-Expose-Headers', 'X-Total')
  list(): object {
    return { ok: true };
  }

  @Get('scopes')
  @RequireScopes('things.read', "odd!#$'()*scope")
  scopes(): object {
    return { ok: true };
  }

  @Get('one-of-scopes')
  @RequireScopes({ any: ['things.read', 'things.write'] })
  oneOfScopes(): object {
    return { ok: true };
  }

  @Get('roles')
  @RequireRoles('owner')
  roles(): object {
    return { ok: true };
  }

  @Get('claims')
  @RequireClaims({ tenant: 'a' })
  claims(): object {
    return { ok: true };
  }

  @Get('acr')
  @RequireAcr('urn:best', 'urn:good')
  acr(): object {
    return { ok: true };
  }

  @Get('recent')
  @RequireMaxAge(60)
  recent(): object {
    return { ok: true };
  }

  @Get('step-up')
  @RequireAcr('urn:best')
  @RequireMaxAge(0)
  @RequireScopes('things.read')
  stepUp(): object {
    return { ok: true };
  }

  @Get('hostile-acr')
  @RequireAcr('a"b\\c\r\nSet-Cookie:x=y\u0000é')
  hostileAcr(): object {
    return { ok: true };
  }
}

const issuer = new TestIssuer({ audience: ['api1', hostile] });
const holder = issuer.dpopHolder();
const open: AttackedApi[] = [];
afterAll(() => Promise.all(open.map((api) => api.close())));

async function start(adapter: Adapter, options: Partial<JwtGuardOptions> = {}): Promise<AttackedApi> {
  const guard = issuer.guardOptions({ audience: 'api1', ...options });
  const api = await AttackedApi.start(adapter, guard, { controllers: [ThingsController] });
  open.push(api);
  return api;
}

describe.each(['Fastify', 'Express'] as const)('Challenges for bearer tokens on %s', (adapter) => {
  let api: AttackedApi;
  beforeAll(async () => (api = await start(adapter)));

  async function answer(path: string, token?: string): Promise<[number, string | null, unknown]> {
    const response = await api.bearer(path, token);
    return [response.status, response.headers.get('www-authenticate'), await response.json()];
  }

  it('RFC 6750 §3.1: no token, no error code', async () => {
    const body = { statusCode: 401, message: 'Unauthorized' };
    expect(await answer('/things')).toEqual([401, 'Bearer realm="api1"', body]);
  });

  it('RFC 6750 §3.1: invalid_request is 400', async () => {
    const error_description = 'The access token belongs into the Authorization header alone, not into the query.';
    expect(await answer('/things?access_token=x', issuer.token())).toEqual([
      400,
      `Bearer realm="api1", error="invalid_request", error_description="${error_description}"`,
      { error: 'invalid_request', error_description },
    ]);
  });

  it('RFC 6750 §3.1: invalid_token is 401', async () => {
    const error_description = 'The token has expired.';
    expect(await answer('/things', issuer.bad.expired())).toEqual([
      401,
      `Bearer realm="api1", error="invalid_token", error_description="${error_description}"`,
      { error: 'invalid_token', error_description },
    ]);
  });

  it('a token that is too long is told so, another one that it is no token', async () => {
    const [, padded] = await answer('/things', `${' '.repeat(100)}x x`);
    expect(padded).toContain('error_description="The Authorization header holds no readable Bearer token."');
    // Node's own limit, which stands before Express here, is lower.
    if (adapter === 'Express') return;
    const [, tooLong] = await answer('/things', 'x'.repeat(16_385));
    expect(tooLong).toContain('error="invalid_token", error_description="The token is longer than 16384 characters."');
    const [, readable] = await answer('/things', 'x'.repeat(16_384));
    expect(readable).toContain('error_description="The token is not a signed JWT."');
  });

  it('RFC 6750 §3.1: insufficient_scope is 403 and says the scope that is needed', async () => {
    const needed = "things.read odd!#$'()*scope";
    const [status, challenge] = await answer('/things/scopes', issuer.token({ scope: 'things.read' }));
    expect([status, challenge]).toEqual([
      403,
      `Bearer realm="api1", error="insufficient_scope", error_description="The token needs the scope ${needed}.", scope="${needed}"`,
    ]);
    expect((await answer('/things/scopes', issuer.token({ scope: needed })))[0]).toBe(200);
  });

  it('RFC 6750 §3: each scope that would do is named where one is enough', async () => {
    const [status, challenge] = await answer('/things/one-of-scopes', issuer.token());
    expect(status).toBe(403);
    expect(challenge).toContain('scope="things.read things.write"');
  });

  it.each(['/things/roles', '/things/claims'])('%s: no challenge leads to other rights', async (path) => {
    const [status, challenge, body] = await answer(path, issuer.token({ roles: ['guest'], tenant: 'b' }));
    expect([status, challenge]).toEqual([403, null]);
    expect(body).toMatchObject({ error: 'access_denied' });
  });

  it('RFC 9470 §3: insufficient_user_authentication is 401 and says the acceptable classes, the best first', async () => {
    const [status, challenge] = await answer('/things/acr', issuer.token({ acr: 'urn:weak' }));
    expect([status, challenge]).toEqual([
      401,
      'Bearer realm="api1", error="insufficient_user_authentication", error_description="Another way of signing in is needed.", acr_values="urn:best urn:good"',
    ]);
    expect((await answer('/things/acr', issuer.token({ acr: 'urn:good' })))[0]).toBe(200);
  });

  it('RFC 9470 §3: max_age in seconds, also where the token does not say when the person signed in', async () => {
    for (const auth_time of [undefined, issuer.now - 61, 0, -1, `${issuer.now}` as unknown as number]) {
      const [status, challenge] = await answer('/things/recent', issuer.token({ auth_time }));
      expect([status, challenge]).toEqual([
        401,
        'Bearer realm="api1", error="insufficient_user_authentication", error_description="A more recent sign-in is needed.", max_age="60"',
      ]);
    }
    expect((await answer('/things/recent', issuer.token({ auth_time: issuer.now - 50 })))[0]).toBe(200);
  });

  it('RFC 9470 §3: acr_values and max_age are said together, before scopes are asked for', async () => {
    const [status, challenge] = await answer('/things/step-up', issuer.token({ acr: 'urn:best', auth_time: 1 }));
    expect(status).toBe(401);
    expect(challenge).toMatch(/, acr_values="urn:best", max_age="0"$/);
  });

  it('an acr that is a list, or contains the wanted one, is not it', async () => {
    for (const acr of [['urn:good'], 'urn:good urn:best', 'urn:goo', 'URN:GOOD', ''] as string[]) {
      expect((await answer('/things/acr', issuer.token({ acr })))[0]).toBe(401);
    }
  });
});

describe.each(['Fastify', 'Express'] as const)('Challenges where DPoP is known on %s', (adapter) => {
  const algs = 'algs="ES256 ES384 ES512 EdDSA PS256 RS256"';
  let allowed: AttackedApi;
  let required: AttackedApi;
  beforeAll(async () => {
    allowed = await start(adapter, { dpop: 'allowed' });
    required = await start(adapter, { dpop: 'required' });
  });

  const challengeOf = async (api: AttackedApi, headers: string[], path = '/things') =>
    (await api.raw(path, headers)).all('www-authenticate').join(' | ');
  const noError = (scheme: string) => new RegExp(`${scheme} realm="api1"(?:, algs="[^"]*")?(?:, (?=DPoP )|$)`);

  it('RFC 9449 §7.2: both challenges where both schemes are accepted, DPoP alone where it is required', async () => {
    expect(await challengeOf(allowed, [])).toBe(`Bearer realm="api1", DPoP realm="api1", ${algs}`);
    expect(await challengeOf(required, [])).toBe(`DPoP realm="api1", ${algs}`);
  });

  it('RFC 9449 §7.2: the error goes with the scheme that was used', async () => {
    const asBearer = await challengeOf(allowed, ['Authorization', `Bearer ${issuer.bad.expired()}`]);
    expect(asBearer).toMatch(/^Bearer realm="api1", error="invalid_token", [^,]*, DPoP realm="api1", algs="[^"]*"$/);
    const asDpop = await challengeOf(allowed, ['Authorization', `DPoP ${issuer.bad.expired()}`]);
    expect(asDpop).toMatch(/^Bearer realm="api1", DPoP realm="api1", error="invalid_token", .*algs="[^"]*"$/);
    expect(asDpop).toMatch(noError('Bearer'));
    // Also what is refused at once: no token at all, and one that was verified before.
    const known = issuer.token();
    expect((await allowed.bearer('/things', known)).status).toBe(200);
    for (const token of ['rubbish', known]) {
      const challenge = await challengeOf(allowed, ['Authorization', `DPoP ${token}`]);
      expect(challenge).toMatch(/^Bearer realm="api1", DPoP realm="api1", error="invalid_token"/);
    }
  });

  it('RFC 9449 §7.1: a bearer token where DPoP is required is told so in the challenge of DPoP', async () => {
    const challenge = await challengeOf(required, ['Authorization', `Bearer ${issuer.token()}`]);
    expect(challenge).toBe(
      `DPoP realm="api1", error="invalid_token", error_description="The token is not bound to the key of a DPoP proof.", ${algs}`,
    );
  });

  it('RFC 9449 §7.1: invalid_dpop_proof, with the algorithms', async () => {
    const challenge = await challengeOf(required, rawHeaders(holder.headers('PUT', allowed.url, holder.token())));
    expect(challenge).toBe(
      `DPoP realm="api1", error="invalid_dpop_proof", error_description="The htm of the DPoP proof is not GET.", ${algs}`,
    );
  });

  it('RFC 6750 §3.1, RFC 9470 §3: scopes and step-up are asked for under the scheme that was used', async () => {
    for (const [path, error] of [
      ['/things/scopes', 'insufficient_scope'],
      ['/things/acr', 'insufficient_user_authentication'],
    ] as const) {
      const headers = rawHeaders(holder.headers('GET', `${allowed.url}${path}`, holder.token()));
      const challenge = await challengeOf(allowed, headers, path);
      expect(challenge).toMatch(new RegExp(`^Bearer realm="api1", DPoP realm="api1", error="${error}"`));
    }
  });

  it('the algorithms are those that were configured', async () => {
    const api = await start(adapter, { dpop: { mode: 'required', algorithms: ['EdDSA'] } });
    expect(await challengeOf(api, [])).toBe('DPoP realm="api1", algs="EdDSA"');
    const headers = holder.headers('GET', `${api.url}/things`, holder.token());
    expect(await challengeOf(api, rawHeaders(headers))).toContain('not signed with one of EdDSA.');
  });

  it('DPoP where it is off is a scheme like any other that is not known', async () => {
    const api = await start(adapter);
    const headers = rawHeaders(holder.headers('GET', `${api.url}/things`, holder.token()));
    expect(await challengeOf(api, headers)).toBe('Bearer realm="api1"');
    expect(await challengeOf(api, ['Authorization', `Bearer ${holder.token()}`])).toBe(
      'Bearer realm="api1", error="invalid_token", error_description="The token is bound to a key, and this API does not check a DPoP proof."',
    );
  });
});

describe.each(['Fastify', 'Express'] as const)('What goes into challenges on %s', (adapter) => {
  it('RFC 9728 §5.1: resource_metadata stands in each challenge of each refusal that has one', async () => {
    const resourceMetadata = { resource: 'https://api.example.com/shop' };
    const api = await start(adapter, { dpop: 'allowed', resourceMetadata });
    const url = 'resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/shop"';
    for (const headers of [[], ['Authorization', 'Bearer x'], ['Authorization', `Bearer ${issuer.token()}`]]) {
      const answer = await api.raw('/things/scopes', headers);
      expect(answer.headers['www-authenticate']!.split(url)).toHaveLength(3);
    }
  });

  it('RFC 9110 §5.6.4: quotes, backslashes, line breaks and other characters of a realm stay in the realm', async () => {
    const api = await start(adapter, { audience: [hostile, 'api1'] });
    const { headers, status } = await api.raw('/things', []);
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe('Bearer realm="a\\"b\\\\c??Set-Cookie: x=y???, error=\\"none\\""');
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('RFC 6750 §3: so do those of a description and of acr_values, in challenge and body', async () => {
    const api = await start(adapter, { requiredClaims: { [hostile]: true } });
    const refused = await api.bearer('/things', issuer.token());
    expect(refused.status).toBe(401);
    expect(refused.headers.get('set-cookie')).toBeNull();
    const { error_description: described } = (await refused.json()) as { error_description: string };
    expect(described).toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]*$/);
    expect(refused.headers.get('www-authenticate')).toContain(`, error_description="${described}"`);
    const good = issuer.token({ [hostile]: 1 });
    const acr = await api.bearer('/things/hostile-acr', good);
    expect(acr.headers.get('set-cookie')).toBeNull();
    expect(acr.headers.get('www-authenticate')).toMatch(/, acr_values="a\\"b\\\\c\?\?Set-Cookie:x=y\?\?"$/);
  });

  it('a 503 has no challenge, Retry-After in whole seconds, and says nothing of what is behind', async () => {
    const away = {
      remember: () => {
        throw new Error('connect ECONNREFUSED redis.internal:6379');
      },
    };
    const api = await start(adapter, { dpop: { mode: 'required', replayStore: away } });
    const headers = holder.headers('GET', `${api.url}/things`, holder.token());
    const answer = await api.raw('/things', rawHeaders(headers));
    expect(answer.status).toBe(503);
    expect(answer.headers['www-authenticate']).toBeUndefined();
    expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(JSON.parse(answer.body)).toEqual({
      error: 'temporarily_unavailable',
      error_description: 'DPoP proofs cannot be checked at the moment.',
    });
  });

  it('CORS: a page of another origin can read challenge and nonce where the application exposes them', async () => {
    const guard = issuer.guardOptions({ audience: 'api1', dpop: { mode: 'required', requireNonce: true } });
    const origin = 'https://app.example.com';
    const api = await AttackedApi.start(adapter, guard, {
      controllers: [ThingsController],
      prepare: (app) => app.enableCors({ origin, exposedHeaders: ['WWW-Authenticate', 'DPoP-Nonce'] }),
    });
    open.push(api);
    const preflight = await api.raw('/things', ['Origin', origin, 'Access-Control-Request-Method', 'GET'], {
      method: 'OPTIONS',
    });
    expect(preflight.status).toBe(204);
    const signed = rawHeaders(holder.headers('GET', `${api.url}/things`, holder.token()));
    const { status, headers } = await api.raw('/things', ['Origin', origin, ...signed]);
    expect([status, headers['access-control-allow-origin']]).toEqual([401, origin]);
    expect(headers['access-control-expose-headers']?.split(/, ?/)).toEqual(['WWW-Authenticate', 'DPoP-Nonce']);
    expect(headers['dpop-nonce']).toBeDefined();
  });

  it('a success has neither a challenge nor a header of ours, and keeps those of the application', async () => {
    const api = await start(adapter, { dpop: 'allowed' });
    const response = await api.bearer('/things', issuer.token());
    expect(response.headers.get('access-control-expose-headers')).toBe('X-Total');
    for (const name of ['www-authenticate', 'dpop-nonce', 'retry-after', 'cache-control']) {
      expect(response.headers.get(name)).toBeNull();
    }
  });
});
