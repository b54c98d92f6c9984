import { type BeforeApplicationShutdown, Controller, Get, Header, Res } from '@nestjs/common';
import { SigningKeyStore } from '@tessera/token-server';
import type { FastifyReply } from 'fastify';
import { StoreProbe } from './store-probe.js';

interface Health {
  readonly status: 'ok' | 'stopping' | 'the store of the signing keys does not answer';
}

/** For orchestrators: is the process alive, and may it be sent requests. */
@Controller('health')
export class HealthController implements BeforeApplicationShutdown {
  private stopping = false;
  private readonly store: StoreProbe;

  constructor(keys: SigningKeyStore) {
    this.store = new StoreProbe(() => keys.list());
  }

  /** Whether this process has been told to end. */
  get isStopping(): boolean {
    return this.stopping;
  }

  @Get('live')
  @Header('Cache-Control', 'no-store')
  live(): Health {
    return { status: 'ok' };
  }

  /** 503 while the server stops, or when its store does not answer within two seconds. */
  @Get('ready')
  @Header('Cache-Control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Health> {
    const status = await this.readiness();
    if (status !== 'ok') reply.status(503);
    return { status };
  }

  /** From now on nobody should send requests here; those that come are served. */
  beginToStop(): void {
    this.stopping = true;
  }

  beforeApplicationShutdown(): void {
    this.beginToStop();
  }

  private async readiness(): Promise<Health['status']> {
    if (this.stopping) return 'stopping';
    return (await this.store.answers()) ? 'ok' : 'the store of the signing keys does not answer';
  }
}
