import { Controller, Get, VersioningType, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { JwtGuardModule } from '../jwt-guard.module.js';
import { GuardSettings, JwtGuardOptionsError } from '../options/guard-settings.js';
import type { JwtGuardOptions, ResourceMetadataOptions } from '../options/jwt-guard.options.js';
import { Public } from '../requirements/public.decorator.js';
import { RequireScopes } from '../requirements/require-scopes.decorator.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { describeResource } from './resource-metadata.js';

const jwks = new TestIssuer().jwks();

@Controller('orders')
@RequireScopes('orders.read')
class OrdersController {
  @Get()
  list(): object {
    return {};
  }

  @Get('all')
  @RequireScopes({ any: ['orders.admin', 'admin'] })
  all(): object {
    return {};
  }

  @Get('open')
  @Public()
  open(): object {
    return {};
  }
}

@Controller('settings')
@RequireScopes('never.asked')
class SettingsController {
  @Get()
  @RequireScopes('settings')
  show(): object {
    return this.plain();
  }

  plain(): object {
    return {};
  }
}

/** Takes whatever nobody else takes. */
@Controller()
class CatchAllController {
  @Get('*')
  take(): object {
    return { caught: true };
  }
}

const issuer = 'https://id.example.com';
const resource = 'https://api.example.com/orders';
const place = '/.well-known/oauth-protected-resource/orders';

async function start(
  adapter: FastifyAdapter | ExpressAdapter,
  resourceMetadata: ResourceMetadataOptions,
  prepare: (app: INestApplication) => void = () => undefined,
  controllers: Type[] = [OrdersController, SettingsController, CatchAllController],
): Promise<{ app: INestApplication; url: string }> {
  class AppModule {}
  const guard = JwtGuardModule.forRoot({ issuer, audience: 'api1', jwks, resourceMetadata });
  const app = await NestFactory.create({ module: AppModule, imports: [guard], controllers }, adapter, {
    logger: false,
    abortOnError: false,
  });
  prepare(app);
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl() };
}

describe.each([
  ['Fastify', () => new FastifyAdapter()],
  ['Express', () => new ExpressAdapter()],
])('The metadata of the resource on %s', (_, adapter) => {
  let app: INestApplication;
  let url: string;
  beforeAll(async () => {
    ({ app, url } = await start(adapter(), { resource, resourceName: 'Orders' }, (made) => {
      made.setGlobalPrefix('api');
      made.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
    }));
  });
  afterAll(() => app.close());

  it('RFC 9728 §3.1: are served at the well-known path, whatever prefix, version, guard and routes the application has', async () => {
    const response = await fetch(`${url}${place}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(response.headers.get('cache-control')).toBe('public, max-age=600');
    expect(await response.json()).toMatchObject({ resource, authorization_servers: [issuer], resource_name: 'Orders' });
    expect((await fetch(`${url}/api/v1/orders`)).status).toBe(401);
  });

  it('name every scope that a route asks for, and no other', async () => {
    const { scopes_supported: scopes } = (await (await fetch(`${url}${place}`)).json()) as Record<string, unknown>;
    expect(scopes).toEqual(['admin', 'orders.admin', 'orders.read', 'settings']);
  });

  it('may be read by pages of any origin, also with headers of their own', async () => {
    const headers = { origin: 'https://inspector.example.com' };
    expect((await fetch(`${url}${place}`, { headers })).headers.get('access-control-allow-origin')).toBe('*');
    const preflight = await fetch(`${url}${place}`, {
      method: 'OPTIONS',
      headers: {
        ...headers,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'mcp-protocol-version',
      },
    });
    expect(preflight.status).toBe(204);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-headers': '*',
      'access-control-allow-methods': 'GET, HEAD',
    });
  });

  it('are there for HEAD, and nowhere else', async () => {
    const head = await fetch(`${url}${place}`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    // RFC 9728 §3.3: under another path they would be about another resource.
    for (const path of ['/.well-known/oauth-protected-resource', `${place}/1`, `/api${place}`]) {
      expect((await fetch(`${url}${path}`)).status).not.toBe(200);
    }
  });

  it('RFC 9728 §5.1: are named in the challenge', async () => {
    const challenge = (await fetch(`${url}/api/v1/orders`)).headers.get('www-authenticate');
    expect(challenge).toContain(`resource_metadata="https://api.example.com${place}"`);
  });
});

it('An application with CORS of its own and a route for every path serves them all the same', async () => {
  for (const adapter of [new FastifyAdapter(), new ExpressAdapter()]) {
    const { app, url } = await start(adapter, { resource: 'https://api.example.com' }, (made) =>
      made.enableCors({ origin: 'https://app.example.com' }),
    );
    const response = await fetch(`${url}/.well-known/oauth-protected-resource`, {
      headers: { origin: 'https://a.example.com' },
    });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    await app.close();
  }
});

it('Without the option nothing is served', async () => {
  class AppModule {}
  const guard = JwtGuardModule.forRoot({ issuer, audience: 'api1', jwks });
  const app = await NestFactory.create({ module: AppModule, imports: [guard] }, new FastifyAdapter(), {
    logger: false,
  });
  await app.listen(0, '127.0.0.1');
  expect((await fetch(`${await app.getUrl()}${place}`)).status).toBe(404);
  await app.close();
});

describe('The document', () => {
  const documentOf = (options: Partial<JwtGuardOptions>, scopes: string[] = []): Record<string, unknown> =>
    describeResource({ resource }, new GuardSettings({ issuer, audience: 'api1', ...options }), scopes);

  it('of a guard with the defaults says little', () => {
    expect(documentOf({})).toEqual({ resource, authorization_servers: [issuer], bearer_methods_supported: ['header'] });
  });

  it('says which bound tokens are accepted, and which are required', () => {
    expect(documentOf({ dpop: { mode: 'allowed', algorithms: ['ES256'] }, mtls: 'allowed' })).toEqual({
      resource,
      authorization_servers: [issuer],
      bearer_methods_supported: ['header'],
      dpop_signing_alg_values_supported: ['ES256'],
      tls_client_certificate_bound_access_tokens: true,
    });
    expect(documentOf({ dpop: 'required' })).toMatchObject({ dpop_bound_access_tokens_required: true });
  });

  it('names listed issuers, and none that only a resolver knows', () => {
    const resolveIssuer = () => undefined;
    expect(documentOf({ issuer: undefined, resolveIssuer })).not.toHaveProperty('authorization_servers');
    const issuers = [{ issuer }, { issuer: 'https://other.example.com' }];
    expect(documentOf({ issuer: undefined, issuers, resolveIssuer })).toMatchObject({
      authorization_servers: [issuer, 'https://other.example.com'],
    });
  });

  it('has the further members that were given, and they replace none of its own', () => {
    const settings = (additional: Record<string, unknown>): GuardSettings =>
      new GuardSettings({ issuer, audience: 'api1', resourceMetadata: { resource, additional } });
    const good = settings({ resource_policy_uri: 'https://api.example.com/policy' });
    expect(describeResource(good.resourceMetadata!, good, [])).toMatchObject({
      resource_policy_uri: 'https://api.example.com/policy',
      resource,
    });
    expect(() => settings({ resource: 'https://evil.example.com' })).toThrow(JwtGuardOptionsError);
    expect(() => settings({ scopes_supported: [] })).toThrow(
      /resourceMetadata.additional: .*leave out scopes_supported/,
    );
  });

  it.each(['https://api.example.com/:orders', 'https://api.example.com/*', 'https://api.example.com/a(b)'])(
    'cannot be about %s: its path would be a pattern',
    (odd) => {
      const resourceMetadata = { resource: odd };
      expect(() => new GuardSettings({ issuer, audience: 'api1', resourceMetadata })).toThrow(
        /resourceMetadata.resource/,
      );
    },
  );
});
