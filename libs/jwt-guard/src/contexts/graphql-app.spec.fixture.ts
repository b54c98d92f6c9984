import { UseGuards, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLModule, Int, Query, ResolveField, Resolver, Subscription, ObjectType, Field } from '@nestjs/graphql';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ApolloServer, HeaderMap } from '@apollo/server';
import { AccessToken, Subject } from '../guard/parameter.decorators.js';
import { JwtGuard } from '../guard/jwt.guard.js';
import { JwtGuardModule } from '../jwt-guard.module.js';
import { Public } from '../requirements/public.decorator.js';
import { RequireMaxAge } from '../requirements/require-authentication.decorators.js';
import { RequireScopes } from '../requirements/require-scopes.decorator.js';
import { TestIssuer } from '../testing/index.js';
import type { AccessTokenClaims } from '../token/access-token-claims.js';

@ObjectType()
class Thing {
  @Field(() => Int)
  id!: number;
}

@Resolver(() => Thing)
class ThingsResolver {
  @Query(() => String)
  subject(@Subject() subject: string): string {
    return subject;
  }

  @Query(() => String)
  @UseGuards(JwtGuard)
  twice(@AccessToken() token: AccessTokenClaims): string {
    return token.sub;
  }

  @Query(() => [Thing])
  things(): Thing[] {
    return [{ id: 1 }, { id: 2 }];
  }

  /** Runs for each thing, with its own guard. */
  @ResolveField(() => String)
  @RequireScopes('owners')
  owner(@Subject() subject: string): string {
    return subject;
  }

  @Query(() => String)
  @RequireScopes('orders')
  orders(): string {
    return 'some';
  }

  @Query(() => String)
  @RequireMaxAge(60)
  fresh(): string {
    return 'yes';
  }

  @Query(() => String)
  @Public()
  open(): string {
    return 'to all';
  }

  @Query(() => String)
  @Public()
  curious(@Subject() subject: string): string {
    return subject;
  }

  @Subscription(() => String, { resolve: (value: string) => value })
  async *greetings(@Subject() subject: string): AsyncGenerator<string> {
    yield `hello ${subject}`;
  }
}

/** Apollo on Fastify as its integration does it. */
class FastifyApolloDriver extends ApolloDriver {
  override async registerFastify(options: ApolloDriverConfig): Promise<void> {
    const server = new ApolloServer(options as ConstructorParameters<typeof ApolloServer>[0]);
    await server.start();
    const fastify = this.httpAdapterHost.httpAdapter as FastifyAdapter;
    fastify.getInstance().route({
      url: options.path!,
      method: ['GET', 'POST'],
      handler: async (request, reply) => {
        const { headers, status, body } = await server.executeHTTPGraphQLRequest({
          httpGraphQLRequest: {
            method: request.method,
            headers: new HeaderMap(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
            search: new URL(request.url, 'http://localhost').search,
            body: request.body,
          },
          context: () => (options.context as (...given: unknown[]) => Promise<object>)(request, reply),
        });
        return reply
          .code(status ?? 200)
          .headers(Object.fromEntries(headers))
          .send(body.kind === 'complete' ? body.string : undefined);
      },
    });
    this.apolloServer = server;
  }
}

const platforms = {
  Express: { adapter: () => new ExpressAdapter(), driver: ApolloDriver },
  Fastify: { adapter: () => new FastifyAdapter(), driver: FastifyApolloDriver },
};

export type Platform = keyof typeof platforms;

export interface Answer {
  readonly status: number;
  readonly challenge: string | null;
  readonly data: Record<string, unknown> | null;
  readonly errors: { message: string; extensions: Record<string, unknown> }[] | undefined;
}

/** For a `describe`: a GraphQL API whose every resolver is guarded. */
export class GraphqlApp {
  readonly issuer = new TestIssuer();
  readonly holder = this.issuer.dpopHolder();
  url!: string;
  private app!: INestApplication;

  constructor(platform: Platform) {
    beforeAll(async () => {
      const { adapter, driver } = platforms[platform];
      class AppModule {}
      const imports = [
        JwtGuardModule.forRoot(this.issuer.guardOptions({ audience: 'api1', dpop: 'allowed' })),
        GraphQLModule.forRoot<ApolloDriverConfig>({
          driver,
          autoSchemaFile: true,
          graphiql: false,
          fieldResolverEnhancers: ['guards'],
          subscriptions: { 'graphql-ws': true },
        }),
      ];
      const appModule = { module: AppModule as Type, imports, providers: [ThingsResolver] };
      this.app = await NestFactory.create(appModule, adapter(), { logger: false, abortOnError: false });
      await this.app.listen(0, '127.0.0.1');
      this.url = `${await this.app.getUrl()}/graphql`;
    });
    afterAll(() => this.app.close());
  }

  async query(query: string, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
    const answer = (await response.json()) as Pick<Answer, 'data' | 'errors'>;
    return { ...answer, status: response.status, challenge: response.headers.get('www-authenticate') };
  }
}
