import { Controller, Get, Post, UseGuards, VersioningType, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  ApiBearerAuth,
  ApiOperation,
  ApiSecurity,
  ApiUnauthorizedResponse,
  ApiWebhook,
  DocumentBuilder,
  SwaggerModule,
} from '@nestjs/swagger';
import { JwtGuard } from '../guard/jwt.guard.js';
import { RequirementsGuard } from '../guard/requirements.guard.js';
import { JwtGuardModule } from '../jwt-guard.module.js';
import type { JwtGuardModuleExtras, JwtGuardOptions } from '../options/jwt-guard.options.js';
import { TesseraPassportModule } from '../passport/index.js';
import { OptionalAccess } from '../requirements/optional-access.decorator.js';
import { Public } from '../requirements/public.decorator.js';
import { RequireAcr, RequireMaxAge } from '../requirements/require-authentication.decorators.js';
import { RequireClaims } from '../requirements/require-claims.decorator.js';
import { RequireRoles } from '../requirements/require-roles.decorator.js';
import { RequireScopes } from '../requirements/require-scopes.decorator.js';
import { createSecuredDocument, type SecuredDocumentOptions } from './index.js';

class ListController {
  @Get()
  list(): object {
    return {};
  }
}

@Controller('orders')
@RequireScopes('orders.read')
class OrdersController extends ListController {
  @Post()
  @RequireScopes('orders.read', 'orders.write')
  @ApiOperation({ description: 'Places an order.' })
  @ApiUnauthorizedResponse({ description: 'My own words.' })
  create(): object {
    return {};
  }

  @Get('any')
  @RequireScopes({ any: ['orders.admin', 'admin'] })
  any(): object {
    return {};
  }

  @Get('open')
  @Public()
  open(): object {
    return {};
  }

  @Get('prices')
  @OptionalAccess()
  prices(): object {
    return {};
  }

  @Get('refunds')
  @RequireRoles({ any: ['clerk', 'boss'] })
  @RequireClaims({ tenant: 'secret-tenant' })
  @RequireAcr('gold')
  @RequireMaxAge(300)
  refunds(): object {
    return {};
  }
}

/** Inherits the same method under other requirements. */
@Controller('parcels')
@RequireScopes('parcels.read')
class ParcelsController extends ListController {}

@Controller('me')
class MeController {
  @Get()
  @ApiSecurity('api-key')
  show(): object {
    return {};
  }

  @Get('name')
  @ApiBearerAuth()
  name(): object {
    return {};
  }

  @Post('sent')
  @ApiWebhook('sent')
  sent(): object {
    return {};
  }
}

@Controller('mixed')
class MixedController {
  @Get('plain')
  plain(): object {
    return {};
  }

  @Get('guarded')
  @UseGuards(JwtGuard)
  @RequireScopes('mixed')
  guarded(): object {
    return {};
  }

  @Get('passport')
  @UseGuards(AuthGuard('tessera-jwt'))
  passport(): object {
    return {};
  }

  @Get('both')
  @UseGuards(AuthGuard('tessera-jwt'), RequirementsGuard)
  @RequireScopes('mixed')
  both(): object {
    return {};
  }
}

/** A schema of an object. */
interface Described {
  readonly properties: object;
  readonly required: readonly string[];
}

type Operations = Record<string, Record<string, Record<string, unknown>>>;

const apps: INestApplication[] = [];
afterAll(() => Promise.all(apps.map((app) => app.close())));

async function makeApp(
  controllers: Type[],
  options: Partial<JwtGuardOptions> & JwtGuardModuleExtras = {},
  prepare: (app: INestApplication) => void = () => undefined,
): Promise<INestApplication> {
  class AppModule {}
  const guard = JwtGuardModule.forRoot({ issuer: 'https://id.example.com', audience: 'api1', ...options });
  const module = { module: AppModule, imports: [guard, TesseraPassportModule.forRoot()], controllers };
  const app = await NestFactory.create(module, new FastifyAdapter(), { logger: false, abortOnError: false });
  prepare(app);
  apps.push(app);
  await app.init();
  return app;
}

const config = new DocumentBuilder()
  .setTitle('Orders')
  .addBearerAuth()
  .addBearerAuth({ type: 'http', scheme: 'bearer' }, 'partners')
  .addApiKey({ type: 'apiKey', in: 'header', name: 'x-key' }, 'api-key')
  .addSecurityRequirements('bearer')
  .build();
const operationsOf = (app: INestApplication, options?: SecuredDocumentOptions): Operations =>
  createSecuredDocument(app, config, options).paths as unknown as Operations;

describe('The OpenAPI document of an application behind the guard', () => {
  let app: INestApplication;
  let paths: Operations;
  beforeAll(async () => {
    app = await makeApp([OrdersController, ParcelsController, MeController]);
    paths = operationsOf(app);
  });

  it('requires the scopes of each route; the method wins over its class', () => {
    expect(paths['/orders']!.get!.security).toEqual([{ accessToken: ['orders.read'] }]);
    expect(paths['/orders']!.post!.security).toEqual([{ accessToken: ['orders.read', 'orders.write'] }]);
  });

  it('gives one requirement for each scope where any of them is enough', () => {
    expect(paths['/orders/any']!.get!.security).toEqual([
      { accessToken: ['orders.admin'] },
      { accessToken: ['admin'] },
    ]);
  });

  it('tells apart controllers that inherit one method', () => {
    expect(paths['/parcels']!.get!.security).toEqual([{ accessToken: ['parcels.read'] }]);
  });

  it('requires nothing of a public route, and describes no refusal there', () => {
    const { security, responses } = paths['/orders/open']!.get!;
    expect(security).toEqual([]);
    expect(Object.keys(responses as object)).toEqual(['200']);
  });

  it('says of a route with @OptionalAccess() that a token may come, and that a bad one is refused', () => {
    const { security, responses } = paths['/orders/prices']!.get!;
    expect(security).toEqual([{}, { accessToken: [] }]);
    expect(Object.keys(responses as object)).toEqual(['200', '401']);
  });

  it('describes 401 everywhere and 403 where more than a token is needed, and leaves what was described', () => {
    const needed = { $ref: '#/components/responses/AccessTokenNeeded' };
    expect(paths['/orders']!.get!.responses).toMatchObject({
      '401': needed,
      '403': { $ref: '#/components/responses/AccessTokenInsufficient' },
    });
    expect(paths['/orders']!.post!.responses).toMatchObject({ '401': { description: 'My own words.' } });
    expect(Object.keys(paths['/me']!.get!.responses as object)).toEqual(['200', '401']);
    const { responses } = createSecuredDocument(app, config).components!;
    expect(responses).toMatchObject({
      AccessTokenNeeded: { headers: { 'WWW-Authenticate': { schema: { type: 'string' } } } },
    });
  });

  it('RFC 6750 §3.1: describes the bodies of 401 as they are, with a token and without one', async () => {
    const { AccessTokenNeeded } = createSecuredDocument(app, config).components!.responses as Record<string, object>;
    const { oneOf } = (AccessTokenNeeded as { content: Record<string, { schema: { oneOf: Described[] } }> }).content[
      'application/json'
    ]!.schema;
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    const bodies = await Promise.all(
      [undefined, { authorization: 'Bearer bad' }].map(async (headers) => {
        const answer = await fetch(`${url}/orders`, { headers });
        return (await answer.json()) as object;
      }),
    );
    for (const body of bodies) {
      const fitting = oneOf.filter(({ required }) => required.every((name) => name in body));
      expect(fitting).toHaveLength(1);
      expect(Object.keys(fitting[0]!.properties)).toEqual(Object.keys(body));
    }
  });

  it('says to people and to machines what else a route asks for, and not which values', () => {
    const { description, ...refunds } = paths['/orders/refunds']!.get!;
    expect(description).toBe(
      'Needs an access token with the scope `orders.read`; the role `clerk` or `boss`; the claim `tenant`; a sign-in by `gold`; a sign-in at most 300 seconds ago.',
    );
    expect(refunds).toMatchObject({
      'x-required-scopes': { all: ['orders.read'] },
      'x-required-roles': { any: ['clerk', 'boss'] },
      'x-required-claims': ['tenant'],
      'x-required-acr': ['gold'],
      'x-required-max-age': 300,
    });
    expect(paths['/orders']!.post!.description).toBe(
      'Places an order.\n\nNeeds an access token with the scopes `orders.read` and `orders.write`.',
    );
    expect(JSON.stringify(paths)).not.toContain('secret-tenant');
  });

  it('keeps what is required beside a token, also of the whole document', () => {
    expect(paths['/me']!.get!.security).toEqual([{ 'api-key': [], accessToken: [] }]);
    const withKey = new DocumentBuilder()
      .addApiKey({ type: 'apiKey', in: 'header' }, 'key')
      .addSecurityRequirements('key');
    const keyed = createSecuredDocument(app, withKey.build()).paths as unknown as Operations;
    expect(keyed['/orders']!.get!.security).toEqual([{ key: [], accessToken: ['orders.read'] }]);
    expect(keyed['/orders/open']!.get!.security).toEqual([{ key: [] }]);
  });

  it('replaces what says less of the same header', () => {
    expect(paths['/me/name']!.get!.security).toEqual([{ accessToken: [] }]);
  });

  it('leaves webhooks alone: they are sent, and not received', () => {
    expect(paths['/me/sent']!.post).not.toHaveProperty('x-required-scopes');
    expect(paths['/me/sent']!.post).not.toHaveProperty('security');
    const newer = { ...config, openapi: '3.1.0' };
    expect(createSecuredDocument(app, newer).webhooks!.sent!.post).not.toHaveProperty('security');
  });

  it('leaves no trace in the application: a plain document is as it was', () => {
    const plain = SwaggerModule.createDocument(app, config);
    createSecuredDocument(app, config);
    expect(SwaggerModule.createDocument(app, config)).toEqual(plain);
    expect(JSON.stringify(plain)).not.toContain('tessera:');
    expect(JSON.stringify(createSecuredDocument(app, config))).not.toContain('tessera:');
  });

  it('OpenAPI 3.0, Security Requirement Object: names schemes of the document, and scopes with those alone that know them', () => {
    const { components, paths: items } = createSecuredDocument(app, config);
    const schemes = components!.securitySchemes as Record<string, { type: string }>;
    const operations = Object.values(items as unknown as Operations).flatMap((item) => Object.values(item));
    const required = operations.flatMap(({ security = [] }) =>
      (security as Record<string, string[]>[]).flatMap(Object.entries),
    );
    expect(required.length).toBeGreaterThan(5);
    for (const [name, scopes] of required as [string, string[]][]) {
      expect(Object.keys(schemes)).toContain(name);
      if (!['oauth2', 'openIdConnect'].includes(schemes[name]!.type)) expect(scopes).toEqual([]);
    }
    for (const { responses } of operations) expect(Object.keys(responses as object).length).toBeGreaterThan(0);
  });

  it('has nothing but references that lead somewhere', () => {
    const document = createSecuredDocument(app, config);
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path!.split('/'));
    expect(references.length).toBeGreaterThan(0);
    for (const path of references) {
      expect(path.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], document)).toBeDefined();
    }
  });
});

it('Routes are found under any prefix, version and name of operations', async () => {
  const app = await makeApp([OrdersController, ParcelsController], {}, (made) => {
    made.setGlobalPrefix('api');
    made.enableVersioning({ type: VersioningType.URI, defaultVersion: ['1', '2'] });
  });
  const paths = operationsOf(app, { operationIdFactory: () => 'same' });
  expect(paths['/api/v1/orders']!.get!.security).toEqual([{ accessToken: ['orders.read'] }]);
  expect(paths['/api/v2/parcels']!.get!.security).toEqual([{ accessToken: ['parcels.read'] }]);
});

it('Without the global guard, routes are described where a guard stands before them', async () => {
  const app = await makeApp([MixedController], { global: false });
  const paths = operationsOf(app, { tokenGuards: [AuthGuard('tessera-jwt')] });
  expect(paths['/mixed/plain']!.get).not.toHaveProperty('security');
  expect(paths['/mixed/guarded']!.get!.security).toEqual([{ accessToken: ['mixed'] }]);
  expect(paths['/mixed/passport']!.get!.security).toEqual([{ accessToken: [] }]);
  expect(paths['/mixed/both']!.get!.security).toEqual([{ accessToken: ['mixed'] }]);
  expect(operationsOf(app)['/mixed/both']!.get!.security).toEqual([{ accessToken: ['mixed'] }]);
  expect(operationsOf(app)['/mixed/passport']!.get).not.toHaveProperty('security');
});

it('A guard that was made global by hand counts as well', async () => {
  const app = await makeApp([MixedController], { global: false }, (made) => made.useGlobalGuards(made.get(JwtGuard)));
  expect(operationsOf(app)['/mixed/plain']!.get!.security).toEqual([{ accessToken: [] }]);
});

describe('The security schemes', () => {
  const schemes = async (options: Partial<JwtGuardOptions>): Promise<unknown> =>
    createSecuredDocument(await makeApp([MeController], options), config).components!.securitySchemes;

  it('are OpenID Connect discovery for each listed issuer', async () => {
    const issuers = [{ issuer: 'https://id.example.com' }, { issuer: 'https://shop.eu.auth0.com/' }];
    expect(await schemes({ issuer: undefined, issuers })).toMatchObject({
      accessToken: {
        type: 'openIdConnect',
        openIdConnectUrl: 'https://id.example.com/.well-known/openid-configuration',
      },
      accessToken2: {
        type: 'openIdConnect',
        openIdConnectUrl: 'https://shop.eu.auth0.com/.well-known/openid-configuration',
      },
    });
  });

  it('are a bearer token where no issuer can be discovered, and DPoP where that is required', async () => {
    const tenants = { issuer: undefined, resolveIssuer: () => undefined };
    expect(await schemes(tenants)).toMatchObject({ accessToken: { type: 'http', scheme: 'bearer' } });
    expect(await schemes({ ...tenants, dpop: 'required' })).toMatchObject({
      accessToken: { type: 'http', scheme: 'DPoP' },
    });
  });

  it('are the one that the document has for access tokens', async () => {
    const app = await makeApp([OrdersController]);
    const described = (builder: DocumentBuilder): unknown => {
      const { paths, components } = createSecuredDocument(app, builder.addBasicAuth().build());
      return [paths['/orders']!.get!.security, Object.keys(components!.securitySchemes!)];
    };
    const bearer = new DocumentBuilder().addBearerAuth();
    expect(described(bearer)).toEqual([[{ bearer: [] }], ['bearer', 'basic']]);
    const oauth2 = new DocumentBuilder().addOAuth2({ type: 'oauth2', flows: {} }, 'people');
    expect(described(oauth2)).toEqual([[{ people: ['orders.read'] }], ['people', 'basic']]);
    expect(described(oauth2.addBearerAuth())).toEqual([
      [{ accessToken: ['orders.read'] }],
      ['people', 'basic', 'bearer', 'accessToken'],
    ]);
  });

  it('are not a bearer scheme of the document where DPoP is required', async () => {
    const app = await makeApp([OrdersController], { dpop: 'required' });
    const document = createSecuredDocument(app, new DocumentBuilder().addBearerAuth().build());
    expect(document.paths['/orders']!.get!.security).toEqual([{ accessToken: ['orders.read'] }]);
  });

  it('may be those of the document: the flows of OAuth list the scopes of the routes, a bearer scheme has none', async () => {
    const app = await makeApp([OrdersController]);
    const flows = {
      authorizationCode: { authorizationUrl: 'https://a', tokenUrl: 'https://t', scopes: { admin: 'All of it' } },
    };
    const own = new DocumentBuilder().addOAuth2({ type: 'oauth2', flows }, 'people').addBearerAuth().build();
    const document = createSecuredDocument(app, own, { securitySchemes: ['people', 'bearer'] });
    expect(document.paths['/orders']!.get!.security).toEqual([{ people: ['orders.read'] }, { bearer: [] }]);
    expect(document.components!.securitySchemes).toMatchObject({
      people: {
        flows: { authorizationCode: { scopes: { admin: 'All of it', 'orders.write': '', 'orders.read': '' } } },
      },
      bearer: { type: 'http', scheme: 'bearer' },
    });
    expect(document.components!.securitySchemes).not.toHaveProperty('accessToken');
    expect(flows.authorizationCode.scopes).toEqual({ admin: 'All of it' });
    expect(() => createSecuredDocument(app, own, { securitySchemes: ['none'] })).toThrow(/no security scheme 'none'/);
  });
});
