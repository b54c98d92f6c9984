import { type BeforeApplicationShutdown, Controller, Get, Header, ServiceUnavailableException } from '@nestjs/common';
import { SigningKeyStore } from '@tessera/token-server';

/** For orchestrators: is the process alive, and may it be sent requests. */
@Controller('health')
export class HealthController implements BeforeApplicationShutdown {
  private isStopping = false;

  constructor(private readonly keys: SigningKeyStore) {}

  @Get('live')
  @Header('Cache-Control', 'no-store')
  live(): object {
    return { status: 'ok' };
  }

  /** 503 while the server stops, or when its store does not answer. */
  @Get('ready')
  @Header('Cache-Control', 'no-store')
  async ready(): Promise<object> {
    if (this.isStopping) throw new ServiceUnavailableException('The server is stopping.');
    await this.keys.list().catch((cause: unknown) => {
      throw new ServiceUnavailableException('The store of the signing keys does not answer.', { cause });
    });
    return { status: 'ok' };
  }

  beforeApplicationShutdown(): void {
    this.isStopping = true;
  }
}
