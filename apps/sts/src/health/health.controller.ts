import { type BeforeApplicationShutdown, Controller, Get, Header, Optional, Res } from '@nestjs/common';
import { SigningKeyStore } from '@tessera/token-server';
import { DatabaseProbe } from '@tessera/typeorm-store';
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

  /** @param database none: memory, which always takes what is written */
  constructor(keys: SigningKeyStore, @Optional() database?: DatabaseProbe) {
    this.store = new StoreProbe(() => Promise.all([keys.list(), database?.check()]));
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

  /** 503 while the server stops, or when its store does not answer within two seconds, or can only be read. */
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
