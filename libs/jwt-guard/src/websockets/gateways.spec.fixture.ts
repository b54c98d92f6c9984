import { Module, type INestApplication, type Provider, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import { MessageBody, SubscribeMessage, WebSocketGateway, type OnGatewayConnection } from '@nestjs/websockets';
import type { IncomingMessage } from 'node:http';
import { Subject } from '../guard/parameter.decorators.js';
import { JwtGuardModule } from '../jwt-guard.module.js';
import { Public } from '../requirements/public.decorator.js';
import { RequireScopes } from '../requirements/require-scopes.decorator.js';
import { TestIssuer } from '../testing/index.js';
import { HandshakeAuthenticator, rememberHandshake, type SocketClient } from './index.js';

/** What each gateway below answers to. */
class Messages {
  /** The messages that reached the handler of `open`. */
  readonly heard: unknown[] = [];

  @SubscribeMessage('greet')
  greet(@MessageBody() word: string, @Subject() subject: string): object {
    return { event: 'greeting', data: `${word} ${subject}` };
  }

  @SubscribeMessage('order')
  @RequireScopes('orders')
  order(): object {
    return { event: 'ordered', data: true };
  }

  @SubscribeMessage('open')
  @Public()
  open(@MessageBody() word: unknown): object {
    this.heard.push(word);
    return { event: 'opened', data: true };
  }

  @SubscribeMessage('curious')
  @Public()
  curious(@Subject() subject: string): object {
    return { event: 'told', data: subject };
  }
}

/** Connections of anybody; messages are guarded. */
@WebSocketGateway({ path: '/lobby', namespace: undefined })
export class LobbyGateway extends Messages implements OnGatewayConnection {
  handleConnection(client: object, request: IncomingMessage): void {
    // A subprotocol with the token, as browsers that speak to Kubernetes have it.
    const [, token] = /bearer\.example\.([\w-]+)/.exec(request.headers['sec-websocket-protocol'] ?? '') ?? [];
    rememberHandshake(client, request, token && Buffer.from(token, 'base64url').toString());
  }
}

/** Nobody hands over the handshake. */
@WebSocketGateway({ path: '/forgetful' })
export class ForgetfulGateway extends Messages {}

/** Connections need a token. */
@WebSocketGateway({ path: '/members' })
export class MembersGateway extends Messages implements OnGatewayConnection {
  constructor(private readonly handshakes: HandshakeAuthenticator) {
    super();
  }

  async handleConnection(client: SocketClient, request: IncomingMessage): Promise<void> {
    await this.handshakes.admit(client, request);
  }
}

@WebSocketGateway()
export class SocketIoGateway extends Messages {}

@WebSocketGateway({ namespace: '/members' })
export class SocketIoMembersGateway extends Messages implements OnGatewayConnection {
  constructor(private readonly handshakes: HandshakeAuthenticator) {
    super();
  }

  async handleConnection(client: SocketClient): Promise<void> {
    await this.handshakes.admit(client);
  }
}

const adapters = { ws: WsAdapter, 'socket.io': IoAdapter };

/** For a `describe`: an application with these gateways behind a global guard. */
export class GatewayApp {
  readonly issuer = new TestIssuer();
  readonly holder = this.issuer.dpopHolder();
  url!: string;
  app!: INestApplication;

  constructor(adapter: keyof typeof adapters, gateways: Provider[]) {
    beforeAll(async () => {
      @Module({
        imports: [JwtGuardModule.forRoot(this.issuer.guardOptions({ audience: 'api1', dpop: 'allowed' }))],
        providers: [...gateways, HandshakeAuthenticator],
      })
      class AppModule {}
      this.app = await NestFactory.create(AppModule as Type, { logger: false, abortOnError: false });
      this.app.useWebSocketAdapter(new adapters[adapter](this.app));
      await this.app.listen(0, '127.0.0.1');
      this.url = (await this.app.getUrl()).replace('[::1]', '127.0.0.1');
    });
    afterAll(() => this.app.close());
  }
}
