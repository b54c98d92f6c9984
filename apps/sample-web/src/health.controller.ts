import { Controller, Get } from '@nestjs/common';

/** Says that this process answers; the token server and the API may be away. */
@Controller('health')
export class HealthController {
  @Get()
  health(): { status: string } {
    return { status: 'ok' };
  }
}
