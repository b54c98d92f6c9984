import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { JwtGuardHealth, Public } from '@tessera/jwt-guard';

/** For whoever runs this API: whether the process answers, and whether it can check tokens. Reasons are in the log alone. */
@Controller('health')
@Public()
export class HealthController {
  constructor(private readonly guard: JwtGuardHealth) {}

  @Get()
  live(): { status: string } {
    return { status: 'ok' };
  }

  @Get('ready')
  ready(): { status: string } {
    const { status } = this.guard.check()['jwt-guard'];
    if (status === 'down') throw new ServiceUnavailableException('No access token can be checked.');
    return { status: 'ok' };
  }
}
