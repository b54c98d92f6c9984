import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Controller, Post, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { JwtGuardModule, RequireScopes } from '@tessera/jwt-guard';
import * as oauth from 'oauth4webapi';

const issuer = 'https://id.example.com';
const origin = 'https://api.example.com';
/** As an MCP server is known to its clients. */
const resource = new URL(`${origin}/mcp`);

@Controller('mcp')
class McpController {
  @Post()
  @RequireScopes('tools.call')
  call(): object {
    return {};
  }
}

describe.each([
  ['Fastify', () => new FastifyAdapter()],
  ['Express', () => new ExpressAdapter()],
])('A client that knows the URL of an API alone, on %s', (_, adapter) => {
  let app: INestApplication;
  let options: { [oauth.customFetch]: (url: string, init?: RequestInit) => Promise<Response> };

  beforeAll(async () => {
    class AppModule {}
    const guard = JwtGuardModule.forRoot({
      issuer,
      audience: resource.href,
      dpop: 'allowed',
      resourceMetadata: { resource: resource.href, resourceName: 'Tools' },
    });
    const module = { module: AppModule, imports: [guard], controllers: [McpController] };
    app = await NestFactory.create(module, adapter(), { logger: false, abortOnError: false });
    await app.listen(0, '127.0.0.1');
    const address = await app.getUrl();
    // In the place of a name server and TLS.
    options = {
      [oauth.customFetch]: (url, init) => fetch(url.replace(origin, address), init),
    };
  });
  afterAll(() => app.close());

  const discover = async (): Promise<oauth.ResourceServer> =>
    oauth.processResourceDiscoveryResponse(resource, await oauth.resourceDiscoveryRequest(resource, options));

  test('finds whom to ask for a token, for which scopes, and how it may be bound', async () => {
    expect(await discover()).toMatchObject({
      resource: resource.href,
      resource_name: 'Tools',
      authorization_servers: [issuer],
      scopes_supported: ['tools.call'],
      bearer_methods_supported: ['header'],
      dpop_signing_alg_values_supported: expect.arrayContaining(['ES256']),
    });
  });

  test('finds the same by way of the challenge', async () => {
    const refused: unknown = await oauth
      .protectedResourceRequest('rubbish', 'POST', resource, undefined, undefined, options)
      .catch((error: unknown) => error);
    if (!(refused instanceof oauth.WWWAuthenticateChallengeError)) throw refused;
    const places = refused.cause.map(({ parameters }) => parameters.resource_metadata);
    expect(places).toEqual(Array(2).fill(`${origin}/.well-known/oauth-protected-resource/mcp`));
    const response = await options[oauth.customFetch](places[0]!);
    expect(await oauth.processResourceDiscoveryResponse(resource, response)).toEqual(await discover());
  });

  test('RFC 9728 §3.3: takes them for no other resource', async () => {
    const response = await oauth.resourceDiscoveryRequest(resource, options);
    await expect(oauth.processResourceDiscoveryResponse(new URL(origin), response)).rejects.toThrow();
  });
});
