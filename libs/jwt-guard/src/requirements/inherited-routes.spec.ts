import { Controller, Get, VersioningType } from '@nestjs/common';
import { AttackedApi } from '../attacks/attacked-api.spec.fixture.js';
import { TestIssuer } from '../testing/index.js';
import { Public } from './public.decorator.js';
import { RequireClaims } from './require-claims.decorator.js';
import { RequireRoles } from './require-roles.decorator.js';
import { RequireScopes } from './require-scopes.decorator.js';

abstract class ListController {
  @Get()
  list(): object {
    return { ok: true };
  }

  @Get('open')
  @Public()
  open(): object {
    return { ok: true };
  }

  @Get('scoped')
  @RequireScopes('read')
  scoped(): object {
    return { ok: true };
  }
}

@Controller('plain')
class PlainController extends ListController {}

@Controller('strict')
@RequireScopes('admin')
class StrictController extends ListController {}

@Controller('lobby')
@Public()
class LobbyController extends ListController {}

@Controller('overridden')
class OverriddenController extends ListController {
  @Get('open')
  override open(): object {
    return { ok: true };
  }

  @Get('scoped')
  @RequireRoles('owner')
  override scoped(): object {
    return { ok: true };
  }

  @Get('list')
  @Public()
  override list(): object {
    return { ok: true };
  }
}

/** Nothing but the name: what it asks for, and what it opens, is its parent's. */
@Controller('child-of-strict')
class ChildOfStrictController extends StrictController {}

@Controller('child-of-lobby')
class ChildOfLobbyController extends LobbyController {}

@Controller('public-child-of-strict')
@Public()
class PublicChildOfStrictController extends StrictController {}

@Controller('strict-child-of-lobby')
@RequireClaims({ tenant: 'a' })
class StrictChildOfLobbyController extends LobbyController {}

@Controller({ path: 'versioned', version: '1' })
@Public()
class FirstVersionController {
  @Get()
  list(): object {
    return { version: 1 };
  }
}

@Controller({ path: 'versioned', version: '2' })
@RequireScopes('read')
class SecondVersionController extends ListController {}

const controllers = [
  PlainController,
  StrictController,
  LobbyController,
  OverriddenController,
  ChildOfStrictController,
  ChildOfLobbyController,
  PublicChildOfStrictController,
  StrictChildOfLobbyController,
  FirstVersionController,
  SecondVersionController,
];
const issuer = new TestIssuer();

describe.each(['Fastify', 'Express'] as const)('What an inherited route asks for, on %s', (adapter) => {
  let api: AttackedApi;
  beforeAll(async () => {
    api = await AttackedApi.start(adapter, issuer.guardOptions({ audience: 'api1' }), {
      controllers,
      prepare: (app) => app.enableVersioning({ type: VersioningType.URI, defaultVersion: 'none' }),
    });
  });
  afterAll(() => api.close());

  /** The statuses without a token, with a plain one, and with one that has these claims. */
  const statuses = async (path: string, claims: Record<string, unknown> = {}): Promise<number[]> => {
    const tokens = [undefined, issuer.token(), issuer.token(claims)];
    const url = path.startsWith('/v') ? path : `/vnone${path}`;
    return Promise.all(tokens.map(async (token) => (await api.bearer(url, token)).status));
  };

  it('the decorators of an inherited method hold in each class that serves it', async () => {
    expect(await statuses('/plain')).toEqual([401, 200, 200]);
    expect(await statuses('/plain/open')).toEqual([200, 200, 200]);
    expect(await statuses('/plain/scoped', { scope: 'read' })).toEqual([401, 403, 200]);
  });

  it('the decorators of the class hold for inherited methods that say nothing; the method wins elsewhere', async () => {
    expect(await statuses('/strict', { scope: 'admin' })).toEqual([401, 403, 200]);
    expect(await statuses('/strict/open')).toEqual([200, 200, 200]);
    expect(await statuses('/strict/scoped', { scope: 'admin' })).toEqual([401, 403, 403]);
    expect(await statuses('/lobby')).toEqual([200, 200, 200]);
    expect(await statuses('/lobby/scoped', { scope: 'read' })).toEqual([401, 403, 200]);
  });

  it('one and the same inherited method asks what the class says that serves it, in whatever order they are called', async () => {
    for (let time = 0; time < 2; time++) {
      expect(await statuses('/lobby')).toEqual([200, 200, 200]);
      expect(await statuses('/plain')).toEqual([401, 200, 200]);
      expect(await statuses('/strict')).toEqual([401, 403, 403]);
    }
  });

  it('an overridden method has its own decorators alone: @Public() of its parent opens it no more', async () => {
    expect(await statuses('/overridden/open')).toEqual([401, 200, 200]);
    expect(await statuses('/overridden/scoped', { scope: 'read' })).toEqual([401, 403, 403]);
    expect(await statuses('/overridden/scoped', { roles: ['owner'] })).toEqual([401, 403, 200]);
    expect(await statuses('/overridden/list')).toEqual([200, 200, 200]);
  });

  it('a class inherits what its parent says, as with every decorator of Nest', async () => {
    expect(await statuses('/child-of-strict', { scope: 'admin' })).toEqual([401, 403, 200]);
    expect(await statuses('/child-of-lobby')).toEqual([200, 200, 200]);
  });

  it('@Public() on a class does not open what its parent closed, and a closed child of an open parent is closed', async () => {
    expect(await statuses('/public-child-of-strict', { scope: 'admin' })).toEqual([401, 403, 200]);
    expect(await statuses('/strict-child-of-lobby', { tenant: 'a' })).toEqual([401, 403, 200]);
  });

  it('a version that is open opens no other', async () => {
    expect(await statuses('/v1/versioned')).toEqual([200, 200, 200]);
    expect(await statuses('/v2/versioned', { scope: 'read' })).toEqual([401, 403, 200]);
    expect(await statuses('/v2/versioned/open')).toEqual([200, 200, 200]);
  });
});
