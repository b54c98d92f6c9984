import { Controller, Get, type ExecutionContext, createParamDecorator } from '@nestjs/common';
import { AttackedApi } from '../attacks/attacked-api.spec.fixture.js';
import { Access, AccessToken, ClientId, Subject, tokenOf } from '../guard/parameter.decorators.js';
import { TestIssuer } from '../testing/index.js';
import type { AccessTokenClaims } from '../token/access-token-claims.js';
import type { VerifiedAccess } from '../token/verified-access.js';
import { OptionalAccess } from './optional-access.decorator.js';
import { Public } from './public.decorator.js';
import { RequireScopes } from './require-scopes.decorator.js';

const Token = createParamDecorator((_: unknown, context: ExecutionContext) => tokenOf(context));

@Controller()
@OptionalAccess()
class PricesController {
  @Get('prices')
  prices(
    @AccessToken() claims: AccessTokenClaims | undefined,
    @AccessToken('tenant') tenant: string | undefined,
    @Subject() subject: string | undefined,
    @ClientId() client: string | undefined,
    @Access() access: VerifiedAccess | undefined,
  ): object {
    return { sub: claims?.sub, tenant, subject, client, kind: access?.kind };
  }

  @Get('token')
  token(@Token() token: string | undefined): object {
    return { token };
  }

  @Get('orders')
  @RequireScopes('orders')
  orders(): object {
    return { ok: true };
  }

  @Get('open')
  @Public()
  open(): object {
    return { ok: true };
  }
}

describe.each(['Fastify', 'Express'] as const)('@OptionalAccess() on %s', (adapter) => {
  const issuer = new TestIssuer();
  let api: AttackedApi;
  beforeAll(async () => {
    api = await AttackedApi.start(adapter, issuer.guardOptions({ audience: 'api1', dpop: 'allowed' }), {
      controllers: [PricesController],
    });
  });
  afterAll(() => api.app.close());
  const get = (path: string, authorization?: string): Promise<Response> =>
    fetch(`${api.url}${path}`, { headers: authorization === undefined ? {} : { authorization } });

  it('lets in without a token, and the decorators give undefined', async () => {
    const response = await get('/prices');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({});
    expect((await get('/prices', 'Basic YTpi')).status).toBe(200);
  });

  it('knows who comes with a good token, and one claim of it by its name', async () => {
    const response = await get('/prices', `Bearer ${issuer.token({ sub: 'alice', tenant: 'a', client_id: 'web' })}`);
    expect(await response.json()).toEqual({ sub: 'alice', tenant: 'a', subject: 'alice', client: 'web', kind: 'jwt' });
  });

  it('refuses a bad token as ever, and an unreadable one', async () => {
    const refused = await get('/prices', `Bearer ${issuer.bad.expired()}`);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
    for (const header of ['Bearer', 'Bearer a b', 'DPoP abc']) expect((await get('/prices', header)).status).toBe(401);
  });

  it('the method wins over its class: what asks for something is closed', async () => {
    expect((await get('/orders')).status).toBe(401);
    expect((await get('/orders', `Bearer ${issuer.token({ scope: 'orders' })}`)).status).toBe(200);
    expect((await get('/open', 'Bearer rubbish')).status).toBe(200);
  });

  it('tokenOf() gives the token of a call that was let in with one, to hand it on', async () => {
    const token = issuer.token();
    expect(await (await get('/token', `bearer  ${token}`)).json()).toEqual({ token });
    expect(await (await get('/token')).json()).toEqual({});
  });
});
