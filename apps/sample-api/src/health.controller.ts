import { Controller, Get } from '@nestjs/common';
import { Public } from '@tessera/jwt-guard';

/** Says that this process answers. */
@Controller('health')
@Public()
export class HealthController {
  @Get()
  health(): { status: string } {
    return { status: 'ok' };
  }
}
