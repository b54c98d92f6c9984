import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Module, type INestMicroservice, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, GrpcStreamCall, Transport } from '@nestjs/microservices';
import {
  credentials,
  loadPackageDefinition,
  Metadata,
  type ServerDuplexStream,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { Subject } from '../guard/parameter.decorators.js';
import { JwtGuardModule } from '../jwt-guard.module.js';
import { freePort } from './free-port.spec.fixture.js';
import { Public } from '../requirements/public.decorator.js';
import { RequireScopes } from '../requirements/require-scopes.decorator.js';
import { TestIssuer } from '../testing/index.js';

const proto = `
  syntax = "proto3";
  package things;
  message Words { string text = 1; }
  service Things {
    rpc Greet (Words) returns (Words);
    rpc Order (Words) returns (Words);
    rpc Open (Words) returns (Words);
    rpc Chat (stream Words) returns (stream Words);
  }
`;

interface Words {
  text: string;
}

@Controller()
class ThingsController {
  @GrpcMethod('Things', 'Greet')
  greet(@Subject() subject: string): Words {
    return { text: `hello ${subject}` };
  }

  @GrpcMethod('Things', 'Order')
  @RequireScopes('orders')
  order(): Words {
    return { text: 'ordered' };
  }

  @GrpcMethod('Things', 'Open')
  @Public()
  open(): Words {
    return { text: 'opened' };
  }

  @GrpcStreamCall('Things', 'Chat')
  chat(call: ServerDuplexStream<Words, Words>): void {
    call.on('data', ({ text }: Words) => call.write({ text: `${text} too` }));
    call.on('end', () => call.end());
  }
}

/** The client that grpc-js makes from the proto file. */
type Method = (words: Words, metadata: Metadata, done: (error: ServiceError | null, answer: Words) => void) => void;
type Client = Record<'greet' | 'order' | 'open', Method> & {
  chat(metadata: Metadata): NodeJS.EventEmitter & { write(words: Words): void; end(): void };
  close(): void;
};

describe('JwtGuard before the handlers of gRPC', () => {
  const issuer = new TestIssuer();
  let app: INestMicroservice;
  let client: Client;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'things-'));
    const protoPath = join(folder, 'things.proto');
    await writeFile(protoPath, proto);
    @Module({
      imports: [JwtGuardModule.forRoot(issuer.guardOptions({ audience: 'api1', dpop: 'allowed' }))],
      controllers: [ThingsController],
    })
    class AppModule {}
    const url = `127.0.0.1:${await freePort()}`;
    const options = { transport: Transport.GRPC, options: { package: 'things', protoPath, url } } as const;
    app = await NestFactory.createMicroservice(AppModule as Type, { ...options, logger: false, abortOnError: false });
    await app.listen();
    const { things } = loadPackageDefinition(loadSync(protoPath)) as unknown as {
      things: { Things: new (...given: unknown[]) => Client };
    };
    client = new things.Things(url, credentials.createInsecure());
  });
  afterAll(async () => {
    client.close();
    await app.close();
    await rm(folder, { recursive: true });
  });

  const metadata = (...values: string[]): Metadata => {
    const sent = new Metadata();
    for (const value of values) sent.add('authorization', value);
    return sent;
  };
  const call = (method: 'greet' | 'order' | 'open', sent = new Metadata()): Promise<Words> =>
    new Promise((resolve, reject) => {
      client[method]({ text: '' }, sent, (error, answer) => (error ? reject(error) : resolve(answer)));
    });

  it('lets a good token in that the metadata brought, and gives the handler its subject', async () => {
    expect(await call('greet', metadata(issuer.headers().authorization))).toEqual({ text: 'hello alice' });
  });

  it('answers UNAUTHENTICATED without a token, and with a bad one, whose fault it names', async () => {
    await expect(call('greet')).rejects.toMatchObject({
      code: 16,
      details: expect.stringContaining('token is needed'),
    });
    const expired = issuer.token({}, { expiresIn: -60 });
    await expect(call('greet', metadata(`Bearer ${expired}`))).rejects.toMatchObject({
      code: 16,
      details: 'The token has expired.',
    });
  });

  it('answers PERMISSION_DENIED where a scope is missing', async () => {
    await expect(call('order', metadata(issuer.headers().authorization))).rejects.toMatchObject({
      code: 7,
      details: 'The token needs the scope orders.',
    });
    const granted = metadata(issuer.headers({ scopes: ['orders'] }).authorization);
    expect(await call('order', granted)).toEqual({ text: 'ordered' });
  });

  it('opens a public handler', async () => {
    expect(await call('open')).toEqual({ text: 'opened' });
  });

  it('refuses a bound token: there is no request that a proof could name', async () => {
    const holder = issuer.dpopHolder();
    const token = holder.token();
    const { authorization, dpop } = holder.headers('POST', 'http://127.0.0.1/things.Things/Greet', token);
    const sent = metadata(authorization);
    sent.add('dpop', dpop);
    await expect(call('greet', sent)).rejects.toMatchObject({ code: 16 });
    await expect(call('greet', metadata(`Bearer ${token}`))).rejects.toMatchObject({ code: 16 });
  });

  it('guards a handler that is given the call itself', async () => {
    const chat = (sent: Metadata): Promise<unknown> =>
      new Promise((resolve) => {
        const stream = client.chat(sent);
        stream.on('data', resolve);
        stream.on('error', (error: ServiceError) => resolve(error));
        stream.write({ text: 'me' });
        stream.end();
      });
    expect(await chat(metadata(issuer.headers().authorization))).toEqual({ text: 'me too' });
  });
});
