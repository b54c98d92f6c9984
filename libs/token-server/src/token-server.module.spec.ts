import 'reflect-metadata';
import type { LoggerService } from '@nestjs/common';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { describe, expect, it, jest } from '@jest/globals';
import {
  ApiResource,
  ApiScope,
  type Authorization,
  Client,
  type ClientInit,
  ClientStore,
  ConfigurationError,
  type Grant,
  IdentityResources,
  InteractionPages,
  OAuthError,
  Parameter,
  RefreshTokenStore,
  RequestedScopes,
  ResourceOwnerPasswordValidator,
  Secret,
  sha256,
  TokenServerModule,
} from './index.js';
import { PlainPages } from './signed-in-browser.spec.fixture.js';
import { Housekeeping } from './housekeeping.js';
import { client, run, seed } from './running-server.spec.fixture.js';

const grant = { grant_type: 'client_credentials' };
const silent = { logger: false, abortOnError: false } as const;
const start = (module: ReturnType<typeof TokenServerModule.forRoot>, logger: LoggerService | false = false) =>
  NestFactory.create(module, new FastifyAdapter(), { logger, abortOnError: false });

/** What a server says at start, in warnings. */
async function warningsOf(options: Parameters<typeof run>[0]): Promise<string[]> {
  const warn = jest.fn();
  const server = await run(options, { logger: { warn, log: () => {}, error: () => {} } });
  await server.close();
  return warn.mock.calls.map(([message]) => String(message));
}

describe('TokenServerModule', () => {
  it('starts with an issuer alone', async () => {
    const app = await start(TokenServerModule.forRoot({ issuer: 'https://id.example.com' }));
    await app.init();
    await app.close();
  });

  it('takes clients as objects with nothing but what differs from the defaults', async () => {
    const server = await run({
      clients: [
        {
          clientId: 'plain',
          allowedGrantTypes: ['client_credentials'],
          clientSecrets: [new Secret(sha256('s'))],
          allowedScopes: ['api1'],
        },
      ],
    });
    expect((await server.post('connect/token', grant, { basic: 'plain:s' })).status).toBe(200);
    expect(await server.app.get(ClientStore).find('plain')).toBeInstanceOf(Client);
  });

  it('is configured asynchronously from what another module knows', async () => {
    @Injectable()
    class Settings {
      readonly issuer = 'https://async.example.com';
    }
    @Module({ providers: [Settings], exports: [Settings] })
    class SettingsModule {}
    const app = await start(
      TokenServerModule.forRootAsync({
        imports: [SettingsModule],
        inject: [Settings],
        useFactory: async ({ issuer }: Settings) => ({ ...seed, issuer }),
      }),
    );
    await app.listen(0, '127.0.0.1');
    const answer = await fetch(`${await app.getUrl()}/.well-known/openid-configuration`);
    expect(await answer.json()).toMatchObject({ issuer: 'https://async.example.com' });
    await app.close();
  });

  it('stops the start with every fault at once: where, what was found, what would be right', async () => {
    const faulty = TokenServerModule.forRoot({
      issuer: 'id.example.com',
      signingAlgorithms: ['HS256' as never],
      endpoints: { tokens: false } as never,
      identityResources: [IdentityResources.openId(), IdentityResources.openId()],
      apiScopes: [new ApiScope('bad scope')],
      apiResources: [new ApiResource('api1')],
      clients: [
        client('c', {
          accessTokenLifetime: -1,
          allowedScopes: ['api1'],
          colour: 'red',
          clientSecrets: [new Secret('plain text')],
        } as never),
        client('d', {
          redirectUris: ['javascript:alert(1)', 'https://*.example.com'],
          logoUri: 'data:x',
          requirePKCE: true,
        } as never),
      ],
    });
    const error = await start(faulty).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigurationError);
    const { faults, message } = error as ConfigurationError;
    expect(faults.map(({ path }) => path)).toEqual([
      'issuer', 'signingAlgorithms', 'endpoints.tokens', 'apiScopes[0].name', 'clients[0].colour', 'clients[0].clientSecrets[0].value',
      'clients[0].accessTokenLifetime', 'clients[1].requirePKCE', 'clients[1].logoUri', 'clients[1].redirectUris',
    ].sort((a, b) => faults.findIndex(({ path }) => path === a) - faults.findIndex(({ path }) => path === b))); // prettier-ignore
    expect(message).toContain('https://id.example.com');
    expect(message).toContain('did you mean requirePkce?');
    expect(message).not.toContain('plain text');
  });

  it('finds what objects mean together: duplicates, unknown scopes, names with two meanings, contradictions', async () => {
    const faulty = TokenServerModule.forRoot({
      ...seed,
      apiScopes: [...seed.apiScopes, new ApiScope('openid')],
      apiResources: [
        ...seed.apiResources,
        new ApiResource('api3', 'x', { scopes: ['nope'], allowedAccessTokenSigningAlgorithms: ['PS512'] }),
      ],
      clients: [
        client('c', { allowedScopes: ['api', 'offline_access'] }),
        client('c', { allowedIdentityTokenSigningAlgorithms: ['EdDSA'] }),
        client('public', { requireClientSecret: false }),
        client('secretless', { clientSecrets: [] }),
        client('confused', { tokenEndpointAuthMethod: 'none', allowedGrantTypes: ['password', 'refresh_token'] }),
      ],
    });
    const error = (await start(faulty).catch((thrown: unknown) => thrown)) as ConfigurationError;
    expect(error.faults.map(({ path, value }) => [path, value])).toEqual([
      ['clients[1].clientId', 'c'],
      ['apiResources[2].scopes', 'nope'],
      ['apiScopes[2].name', 'openid'],
      ['apiResources[2].allowedAccessTokenSigningAlgorithms', ['PS512']],
      ['clients[0].allowedScopes', 'api'],
      ['clients[0].allowedScopes', 'offline_access'],
      ['clients[1].allowedIdentityTokenSigningAlgorithms', ['EdDSA']],
      ['clients[2].allowedGrantTypes', ['client_credentials']],
      ['clients[3].clientSecrets', []],
      ['clients[4].tokenEndpointAuthMethod', 'none'],
      ['clients[4].allowedGrantTypes', 'refresh_token'],
    ]);
  });

  it('stops the start when userinfo is to be signed by an algorithm that the server has no key for', async () => {
    const clients = [client('web', { userinfoSignedResponseAlg: 'PS256' }), client('other')];
    await expect(run({ clients })).rejects.toThrow(
      "clients[0].userinfoSignedResponseAlg: the server has no such key: client 'web' can have ES256, or add PS256 to the server's signingAlgorithms (got \"PS256\")",
    );
    const server = await run({ clients, signingAlgorithms: ['ES256', 'PS256'] });
    expect((await server.send('.well-known/openid-configuration')).body).toHaveProperty(
      'userinfo_signing_alg_values_supported',
    );
  });

  it('stops the start when a client lists a grant that nobody registered, and names the near ones', async () => {
    await expect(run({ clients: [client('c', { allowedGrantTypes: ['client_credential'] })] })).rejects.toThrow(
      /did you mean client_credentials\?/,
    );
  });

  it('warns of a scope without audience, and of a password grant that nobody can use', async () => {
    const warn = jest.fn();
    const logger = { warn, log: () => {}, error: () => {} };
    const app = await start(
      TokenServerModule.forRoot({ ...seed, apiScopes: [...seed.apiScopes, new ApiScope('lonely')] }),
      logger,
    );
    await app.init();
    const said = warn.mock.calls.map(([message]) => String(message)).join('\n');
    expect(said).toMatch(/apiScopes\[2\]\.name: belongs to no enabled ApiResource, so no API accepts its tokens/);
    expect(said).toMatch(/'password' is off although ropg_client, other_client, public_client may use it/);
    await app.listen(0, '127.0.0.1');
    const discovery = (await (await fetch(`${await app.getUrl()}/.well-known/openid-configuration`)).json()) as Record<
      string,
      unknown
    >;
    expect(discovery.grant_types_supported).toEqual(['client_credentials', 'refresh_token']);
    await app.close();
  });

  it('warns once of clients that send people to a server without pages, naming a few of them', async () => {
    const named = (name: string, type: string, more: Partial<ClientInit> = {}) =>
      client(name, { allowedGrantTypes: [type], redirectUris: ['https://app.example.com/callback'], ...more });
    const clients = [
      named('web', 'authorization_code'),
      named('tv', 'urn:ietf:params:oauth:grant-type:device_code'),
      named('spa', 'implicit'),
      named('old', 'hybrid'),
      named('gone', 'authorization_code', { enabled: false }),
      client('machine'),
      ...['a', 'b', 'c'].map((name) => named(name, 'authorization_code')),
    ];
    const said = await warningsOf({ clients });
    const aboutPages = said.filter((warning) => warning.includes('no pages'));
    expect(aboutPages).toEqual([
      expect.stringMatching(
        /web, tv, spa, old, a and 2 more may send people here.*imports: \[PagesModule\].*InteractionPages.*docs\/own-pages\.md/,
      ),
    ]);
    const withPages = { clients, providers: [{ provide: InteractionPages, useClass: PlainPages }] };
    expect((await warningsOf(withPages)).filter((warning) => warning.includes('no pages'))).toEqual([]);
    expect(await warningsOf({ clients: [client('machine')] })).toEqual([]);
  });

  it('takes a grant of the application in one line, shows it in discovery and asks it for clients that list it', async () => {
    class EchoParams {
      @Parameter({ required: true, maxLength: 10 })
      word!: string;
    }
    @Injectable()
    class EchoGrant implements Grant<EchoParams> {
      readonly type = 'urn:example:echo';
      readonly params = EchoParams;

      constructor(private readonly scopes: RequestedScopes) {}

      async authorize(asking: Client, { word }: EchoParams): Promise<Authorization> {
        if (word === 'no') throw new OAuthError('invalid_grant', 'The word is no.');
        return { client: asking, ...(await this.scopes.forClient(asking, {})), claims: { word, iss: 'forged' } };
      }
    }
    const server = await run({
      grants: [EchoGrant],
      clients: [client('c', { allowedGrantTypes: ['urn:example:echo'] }), client('d')],
    });
    expect((await server.send('.well-known/openid-configuration')).body.grant_types_supported).toContain(
      'urn:example:echo',
    );
    const ask = (form: Record<string, string>, basic = 'c:secret') =>
      server.post('connect/token', { grant_type: 'urn:example:echo', ...form }, { basic });
    const { body } = await ask({ word: 'hi' });
    const claims = JSON.parse(
      Buffer.from((body.access_token as string).split('.')[1]!, 'base64url').toString(),
    ) as object;
    expect(claims).toMatchObject({ word: 'hi', iss: seed.issuer });
    expect((await ask({ word: 'no' })).body.error).toBe('invalid_grant');
    expect((await ask({ word: 'far too long' })).body.error).toBe('invalid_request');
    expect((await ask({ word: 'hi' }, 'd:secret')).body.error).toBe('unauthorized_client');
  });

  it('lets the application take the place of any part', async () => {
    class OnlyOne extends ResourceOwnerPasswordValidator {
      async validate(username: string) {
        return username === 'the one' ? { subject: 'subject-of-alice', methods: ['hwk'] } : undefined;
      }
    }
    const server = await run({ providers: [{ provide: ResourceOwnerPasswordValidator, useClass: OnlyOne }] });
    const ask = (username: string) =>
      server.post(
        'connect/token',
        { grant_type: 'password', username, password: 'x', scope: 'openid' },
        { basic: 'ropg_client:secret' },
      );
    expect((await ask('alice')).status).toBe(400);
    expect((await ask('the one')).status).toBe(200);
  });

  it('answers a bug with 500 server_error, leaks nothing, and tells the log', async () => {
    class Broken extends ResourceOwnerPasswordValidator {
      async validate(): Promise<undefined> {
        throw new Error('the database password is hunter2');
      }
    }
    const error = jest.fn();
    const server = await run(
      { providers: [{ provide: ResourceOwnerPasswordValidator, useClass: Broken }] },
      { logger: { error, warn: () => {}, log: () => {} } },
    );
    const answer = await server.post(
      'connect/token',
      { grant_type: 'password', username: 'a', password: 'b' },
      { basic: 'ropg_client:secret' },
    );
    expect([answer.status, answer.body.error]).toEqual([500, 'server_error']);
    expect(answer.text).not.toContain('hunter2');
    expect(JSON.stringify(error.mock.calls)).toContain('hunter2');
  });

  it('removes what has ended', async () => {
    const server = await run();
    const form = { grant_type: 'password', username: 'alice', password: 'ecila', scope: 'api1 offline_access' };
    const { refresh_token } = (await server.post('connect/token', form, { basic: 'ropg_client:secret' })).body;
    const { hashHandle } = await import('@tessera/resource-model');
    const find = () => server.app.get(RefreshTokenStore).find(hashHandle(refresh_token as string));
    await server.app.get(Housekeeping).sweep();
    expect(await find()).toBeDefined();
    server.clock.advance(31 * 86_400);
    await server.app.get(Housekeeping).sweep();
    expect(await find()).toBeUndefined();
  });

  it('refuses two grants for one type', async () => {
    class Second implements Grant {
      readonly type = 'client_credentials';
      readonly params = Object;
      async authorize(): Promise<never> {
        throw new Error('never asked');
      }
    }
    await expect(
      NestFactory.create(TokenServerModule.forRoot({ ...seed, grants: [Second] }), new FastifyAdapter(), silent),
    ).rejects.toThrow(/Two grants are registered/);
  });
});
