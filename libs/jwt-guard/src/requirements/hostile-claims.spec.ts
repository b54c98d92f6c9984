import { Controller, Get } from '@nestjs/common';
import { AttackedApi } from '../attacks/attacked-api.spec.fixture.js';
import { AccessToken, Access } from '../guard/parameter.decorators.js';
import { TestIssuer } from '../testing/index.js';
import type { AccessTokenClaims } from '../token/access-token-claims.js';
import type { VerifiedAccess } from '../token/verified-access.js';
import { RequireAcr, RequireMaxAge } from './require-authentication.decorators.js';
import { RequireClaims } from './require-claims.decorator.js';
import { RequireRoles } from './require-roles.decorator.js';
import { RequireScopes } from './require-scopes.decorator.js';

/** What a predicate may return that is not `true`, though `if` would take it. */
const truthy: Readonly<Record<string, unknown>> = {
  promise: Promise.resolve(true),
  text: 'true',
  number: 1,
  object: {},
  boxed: Object(true) as unknown,
};

@Controller()
class HostController {
  @Get('scope')
  @RequireScopes('admin')
  scope(): object {
    return { ok: true };
  }

  @Get('proto-scope')
  @RequireScopes('__proto__')
  protoScope(): object {
    return { ok: true };
  }

  @Get('inherited-scope')
  @RequireScopes({ any: ['constructor', 'length', 'toString', '0'] })
  inheritedScope(): object {
    return { ok: true };
  }

  @Get('role')
  @RequireRoles('admin')
  role(): object {
    return { ok: true };
  }

  @Get('proto-role')
  @RequireRoles({ any: ['__proto__', 'length'] })
  protoRole(): object {
    return { ok: true };
  }

  @Get('throws')
  @RequireClaims((claims) => (claims.organisation as { id: string }).id === 'a')
  throws(): object {
    return { ok: true };
  }

  @Get('fails-later')
  @RequireClaims((() => Promise.reject(new Error('nobody waits for this'))) as unknown as () => boolean)
  failsLater(): object {
    return { ok: true };
  }

  @Get('truthy')
  @RequireClaims((claims) => truthy[claims.kind as string] as boolean)
  truthy(): object {
    return { ok: true };
  }

  @Get('truthy-member')
  @RequireClaims({ kind: (kind) => truthy[kind as string] as boolean })
  truthyMember(): object {
    return { ok: true };
  }

  @Get('claims')
  @RequireClaims({ tenant: ['a', 'b'], verified: true })
  claims(): object {
    return { ok: true };
  }

  @Get('granting')
  @RequireClaims((claims) => {
    try {
      (claims as { scope: string }).scope = 'admin';
    } catch {
      // Frozen: what a predicate writes does not stay.
    }
    return true;
  })
  granting(): object {
    return { ok: true };
  }

  @Get('tamper')
  tamper(@AccessToken() claims: AccessTokenClaims, @Access() access: VerifiedAccess): object {
    const wants = [
      () => ((claims as { scope: string }).scope = 'admin'),
      () => ((claims as { sub: string }).sub = 'mallory'),
      () => ((claims.address as { city: string }).city = 'B'),
      () => (claims.groups as string[]).push('admin'),
      () => (access.scopes as string[]).push('admin'),
      () => (access.roles as string[]).push('admin'),
      () => ((access as { confirmation: unknown }).confirmation = undefined),
      () => Object.setPrototypeOf(claims, { admin: true }) as unknown,
      () => Object.defineProperty(claims, 'admin', { value: true }),
    ];
    return { succeeded: wants.filter(succeeds).length, subject: claims.sub };
  }

  @Get('acr')
  @RequireAcr('high')
  acr(): object {
    return { ok: true };
  }

  @Get('at-once')
  @RequireMaxAge(0)
  atOnce(): object {
    return { ok: true };
  }

  @Get('recent')
  @RequireMaxAge(300)
  recent(): object {
    return { ok: true };
  }
}

function succeeds(change: () => unknown): boolean {
  try {
    change();
    return true;
  } catch {
    return false;
  }
}

const issuer = new TestIssuer();
const polluted = (): unknown => ({});

describe.each(['Fastify', 'Express'] as const)('Claims that are made to deceive, on %s', (adapter) => {
  let api: AttackedApi;
  beforeAll(async () => {
    api = await AttackedApi.start(adapter, issuer.guardOptions({ audience: 'api1' }), {
      controllers: [HostController],
    });
  });
  afterAll(() => api.close());

  const status = async (path: string, claims: Record<string, unknown>): Promise<number> =>
    (await api.bearer(path, issuer.token(claims))).status;
  /** Claims as only an issuer with a hand-written JSON could send them. */
  const own = (json: string): Record<string, unknown> => JSON.parse(json) as Record<string, unknown>;

  it.each([
    ['a tab', 'api1\tadmin'],
    ['a line feed', 'api1\nadmin'],
    ['a carriage return', 'admin\r'],
    ['a null', 'admin\0'],
    ['a no-break space', 'api1\u00a0admin'],
    ['an em space', 'api1\u2003admin'],
    ['a line separator', 'api1\u2028admin'],
    ['a zero-width space', 'admin\u200b'],
    ['a byte order mark', '\ufeffadmin'],
    ['a comma', 'api1,admin'],
    ['a plus sign', 'api1+admin'],
    ['an escaped space', 'api1%20admin'],
    ['quotes', '"admin"'],
    ['another case', 'Admin'],
    ['letters that look the same', 'аdmin'],
    ['a longer word', 'admin.read'],
    ['spaces inside of one of a list', ['api1 admin']],
    ['nothing', ''],
    ['spaces alone', '   '],
  ])('scope smuggling: %s makes no scope', async (_, scope) => {
    expect(await status('/scope', { scope })).toBe(403);
  });

  it('scope smuggling: more spaces than needed make no scope either, and hide none', async () => {
    expect(await status('/scope', { scope: 'a  b' })).toBe(403);
    expect(await status('/scope', { scope: ' a  admin ' })).toBe(200);
  });

  it.each([
    ['an object', { admin: true }],
    ['a list in a list', [['admin']]],
    ['an object in a list', [{ admin: true }]],
    ['a number', 1],
    ['true', true],
    ['null', null],
    ['an object that looks like a list', { 0: 'admin', length: 1 }],
    ['an object with a method', { includes: 'admin' }],
  ])('scopes and roles that are %s make the token invalid', async (_, value) => {
    expect(await status('/scope', { scope: value })).toBe(401);
    expect(await status('/role', { roles: value })).toBe(401);
  });

  it('__proto__, constructor and length are scopes and roles like any other', async () => {
    for (const path of ['/proto-scope', '/inherited-scope', '/proto-role']) expect(await status(path, {})).toBe(403);
    expect(await status('/proto-scope', { scope: '__proto__' })).toBe(200);
    expect(await status('/scope', { scope: '__proto__ constructor' })).toBe(403);
    expect(await status('/proto-role', { roles: ['__proto__'] })).toBe(200);
  });

  it('prototype pollution: members named __proto__ and constructor lend nothing to the claims or to anything else', async () => {
    const json = `{"__proto__":{"scope":"admin","roles":["admin"],"acr":"high","tenant":"a","verified":true,"auth_time":9999999999},
      "constructor":{"prototype":{"scope":"admin"}}}`;
    for (const path of ['/scope', '/role', '/claims']) expect(await status(path, own(json))).toBe(403);
    for (const path of ['/acr', '/recent']) expect(await status(path, own(json))).toBe(401);
    expect(polluted()).not.toHaveProperty('scope');
    expect(await status('/tamper', own('{"cnf":{"__proto__":{"jkt":"x"}}}'))).toBe(401);
  });

  it('a role in the scope claim is no role, and a scope in the roles claim no scope', async () => {
    expect(await status('/role', { scope: 'admin' })).toBe(403);
    expect(await status('/scope', { roles: ['admin'] })).toBe(403);
    expect(await status('/role', { role: 'admin', groups: ['admin'] })).toBe(403);
  });

  it('a predicate that throws denies: a fault of the application, which says nothing to the caller', async () => {
    const response = await api.bearer('/throws', issuer.token());
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ statusCode: 500, message: 'Internal server error' });
    expect(await status('/throws', { organisation: { id: 'b' } })).toBe(403);
    expect(await status('/throws', { organisation: { id: 'a' } })).toBe(200);
  });

  it('a predicate that promises and fails denies, and its failure ends no process', async () => {
    expect(await status('/fails-later', {})).toBe(403);
  });

  it.each(Object.keys(truthy))('a predicate that returns what is truthy but not true denies: %s', async (kind) => {
    expect(await status('/truthy', { kind })).toBe(403);
    expect(await status('/truthy-member', { kind })).toBe(403);
  });

  it('what a claim must be is compared without conversion', async () => {
    const good = { tenant: 'a', verified: 'yes' };
    expect(await status('/claims', good)).toBe(200);
    expect(await status('/claims', { ...good, tenant: ['x', 'b'] })).toBe(200);
    for (const tenant of ['A', 'a ', 'a,b', ['a,b'], [['a']], { a: 1 }, 0, true, null, undefined, [], '']) {
      expect(await status('/claims', { ...good, tenant })).toBe(403);
    }
    for (const verified of [null, undefined, false]) expect(await status('/claims', { ...good, verified })).toBe(403);
  });

  it('frozen claims: what a handler or a predicate writes into them fails, and reaches no later request', async () => {
    const token = issuer.token({ scope: 'api1', address: { city: 'A' }, groups: ['staff'] });
    for (let time = 0; time < 2; time++) {
      expect(await (await api.bearer('/tamper', token)).json()).toEqual({ succeeded: 0, subject: 'alice' });
      expect((await api.bearer('/granting', token)).status).toBe(200);
      expect((await api.bearer('/scope', token)).status).toBe(403);
    }
  });

  it('an auth_time to come, or none, is no recent sign-in', async () => {
    for (const auth_time of [undefined, null, `${issuer.now}`, issuer.now + 3_600, Number.MAX_SAFE_INTEGER, true]) {
      expect([auth_time, await status('/recent', { auth_time })]).toEqual([auth_time, 401]);
    }
    expect(await status('/recent', { auth_time: issuer.now })).toBe(200);
  });

  it('@RequireMaxAge(0) asks for a sign-in of this very second', async () => {
    for (const auth_time of [undefined, issuer.now - 5]) expect(await status('/at-once', { auth_time })).toBe(401);
    expect(await status('/at-once', { auth_time: issuer.now + 1 })).toBe(200);
  });
});
