import { request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { DynamicModule, INestApplication, LoggerService, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Adapter } from '../guard/guarded-app.spec.fixture.js';
import { JwtGuardModule } from '../jwt-guard.module.js';
import type { JwtGuardModuleExtras, JwtGuardOptions } from '../options/jwt-guard.options.js';

interface Circumstances {
  readonly controllers: readonly Type[];
  /** Modules beside that of the guard. */
  readonly imports?: readonly DynamicModule[];
  /** Whether the application believes what a proxy says (X-Forwarded-*). */
  readonly trustProxy?: boolean;
  readonly https?: { key: string; cert: string; requestCert: boolean; rejectUnauthorized: boolean };
  readonly logger?: LoggerService;
  /** Before the application listens. */
  readonly prepare?: (app: INestApplication) => void;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** All that came under one name, as it came. */
  readonly all: (name: string) => string[];
}

/** An application behind a guard with these options, on a free port, for whoever wants to break in. */
export class AttackedApi {
  private constructor(
    readonly app: INestApplication,
    readonly url: string,
  ) {}

  static async start(
    adapter: Adapter,
    options: JwtGuardOptions & JwtGuardModuleExtras,
    circumstances: Circumstances,
  ): Promise<AttackedApi> {
    const { controllers, logger, prepare, https } = circumstances;
    class AppModule {}
    const root = {
      module: AppModule as Type,
      imports: [JwtGuardModule.forRoot(options), ...(circumstances.imports ?? [])],
      controllers: [...controllers],
    };
    const app: INestApplication = await NestFactory.create(root, adapterFor(adapter, circumstances), {
      logger: logger ?? false,
      abortOnError: false,
      ...(adapter === 'Express' && https && { httpsOptions: https }),
    });
    if (adapter === 'Express' && circumstances.trustProxy) (app as NestExpressApplication).set('trust proxy', true);
    prepare?.(app);
    await app.listen(0, '127.0.0.1');
    return new AttackedApi(app, (await app.getUrl()).replace('[::1]', '127.0.0.1'));
  }

  close(): Promise<void> {
    return this.app.close();
  }

  bearer(path: string, token?: string, init: RequestInit = {}): Promise<Response> {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return fetch(`${this.url}${path}`, { ...init, headers });
  }

  /** For what fetch would not send: headers as names and values in turn, twice if wanted, and any target. */
  raw(path: string, headers: readonly string[], options: RequestOptions = {}): Promise<RawAnswer> {
    const { hostname, port, protocol, host } = new URL(this.url);
    const isHostSaid = headers.some((text, index) => index % 2 === 0 && text.toLowerCase() === 'host');
    const all = isHostSaid ? [...headers] : ['Host', host, ...headers];
    const request = protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const sent = request({ hostname, port, path, agent: false, ...options, headers: all as never }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
            all: (name) =>
              response.rawHeaders.filter((_, index) => response.rawHeaders[index - 1]?.toLowerCase() === name),
          }),
        );
      });
      sent.on('error', reject).end();
    });
  }
}

/** Room for headers that are longer than the guard's own limit. */
const maxHeaderSize = 65_536;

function adapterFor(adapter: Adapter, { trustProxy = false, https }: Circumstances): FastifyAdapter | ExpressAdapter {
  if (adapter === 'Express') return new ExpressAdapter();
  return new FastifyAdapter(https ? { trustProxy, https } : { trustProxy, http: { maxHeaderSize } });
}

/** `Authorization` and `DPoP` of a request, for `raw()`. */
export function rawHeaders(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).flat();
}
