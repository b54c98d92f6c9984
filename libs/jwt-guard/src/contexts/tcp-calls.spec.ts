import { Controller, Module, type INestMicroservice, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientProxyFactory, MessagePattern, Payload, Transport, type ClientProxy } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { Subject } from '../guard/parameter.decorators.js';
import { JwtGuardModule } from '../jwt-guard.module.js';
import type { JwtGuardOptions } from '../options/jwt-guard.options.js';
import { Public } from '../requirements/public.decorator.js';
import { RequireScopes } from '../requirements/require-scopes.decorator.js';
import { TestIssuer } from '../testing/index.js';
import { freePort } from './free-port.spec.fixture.js';

@Controller()
class ThingsController {
  @MessagePattern('greet')
  greet(@Payload('word') word: string, @Subject() subject: string): string {
    return `${word} ${subject}`;
  }

  @MessagePattern('order')
  @RequireScopes('orders')
  order(): string {
    return 'ordered';
  }

  @MessagePattern('open')
  @Public()
  open(): string {
    return 'opened';
  }

  @MessagePattern('curious')
  @Public()
  curious(@Subject() subject: string): string {
    return subject;
  }
}

const issuer = new TestIssuer();

/** For a `describe`: a microservice behind a global guard, and a client that sends this with each message beside its data. */
class TcpService {
  metadata: Record<string, string> = {};
  private app!: INestMicroservice;
  private client!: ClientProxy;

  constructor(own: Partial<JwtGuardOptions> = {}) {
    beforeAll(async () => {
      @Module({
        imports: [JwtGuardModule.forRoot(issuer.guardOptions({ audience: 'api1', ...own }))],
        controllers: [ThingsController],
      })
      class AppModule {}
      const address = { host: '127.0.0.1', port: await freePort() };
      const options = { transport: Transport.TCP, options: address } as const;
      this.app = await NestFactory.createMicroservice(AppModule as Type, {
        ...options,
        logger: false,
        abortOnError: false,
      });
      await this.app.listen();
      this.client = ClientProxyFactory.create(options);
      this.client.setOnDispatchHook((packet) => (packet.metadata = this.metadata));
    });
    afterEach(() => (this.metadata = {}));
    afterAll(async () => {
      this.client.close();
      await this.app.close();
    });
  }

  send(pattern: string, data: object = {}): Promise<unknown> {
    return firstValueFrom(this.client.send<unknown>(pattern, data));
  }
}

describe('JwtGuard before the handlers of a microservice', () => {
  const service = new TcpService();

  it('lets a good token in that came beside the data, and gives the handler its subject', async () => {
    service.metadata = issuer.headers();
    expect(await service.send('greet', { word: 'hello' })).toBe('hello alice');
  });

  it('answers without a token what can be acted upon', async () => {
    await expect(service.send('greet')).rejects.toEqual({
      status: 'error',
      message: 'An access token is needed, in the Authorization header.',
      error_description: 'An access token is needed, in the Authorization header.',
      code: 'token_missing',
    });
  });

  it('reads nothing from the data of a message, unless the application says so', async () => {
    const headers = issuer.headers();
    await expect(service.send('greet', { ...headers, headers, metadata: headers })).rejects.toMatchObject({
      code: 'token_missing',
    });
  });

  it('asks each handler for its own scopes, and opens public ones', async () => {
    service.metadata = issuer.headers();
    await expect(service.send('order')).rejects.toMatchObject({
      error: 'insufficient_scope',
      scope: 'orders',
      code: 'scope_insufficient',
    });
    expect(await service.send('open')).toBe('opened');
    await expect(service.send('curious')).rejects.toMatchObject({ status: 'error' });
  });
});

describe('JwtGuard that was told by callReaders where a token is', () => {
  const service = new TcpService({
    callReaders: {
      rpc: (context) => {
        const { token } = context.switchToRpc().getData<{ token?: string }>();
        return token === undefined ? undefined : { headers: { authorization: `Bearer ${token}` } };
      },
    },
  });

  it('reads it there alone, and parameter decorators work as ever', async () => {
    expect(await service.send('greet', { word: 'hello', token: issuer.token() })).toBe('hello alice');
    service.metadata = issuer.headers();
    await expect(service.send('greet', { word: 'hello' })).rejects.toMatchObject({ code: 'token_missing' });
  });
});
