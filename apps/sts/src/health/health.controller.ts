import { type BeforeApplicationShutdown, Controller, Get, Header, Res } from '@nestjs/common';
import { SigningKeyStore } from '@tessera/token-server';
import type { FastifyReply } from 'fastify';

interface Health {
  readonly status: 'ok' | 'stopping' | 'the store of the signing keys does not answer';
}

/** For orchestrators: is the process alive, and may it be sent requests. */
@Controller('health')
export class HealthController implements BeforeApplicationShutdown {
  private isStopping = false;

  constructor(private readonly keys: SigningKeyStore) {}

  @Get('live')
  @Header('Cache-Control', 'no-store')
  live(): Health {
    return { status: 'ok' };
  }

  /** 503 while the server stops, or when its store does not answer. */
  @Get('ready')
  @Header('Cache-Control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Health> {
    const status = await this.readiness();
    if (status !== 'ok') reply.status(503);
    return { status };
  }

  beforeApplicationShutdown(): void {
    this.isStopping = true;
  }

  private async readiness(): Promise<Health['status']> {
    if (this.isStopping) return 'stopping';
    return this.keys.list().then(
      () => 'ok',
      () => 'the store of the signing keys does not answer',
    );
  }
}
