import { Controller, Get, Inject, Redirect } from '@nestjs/common';
import { type ResolvedOptions, TOKEN_SERVER_OPTIONS } from '@tessera/token-server';

/** Whoever opens the server's address finds out what it is. */
@Controller()
export class HomeController {
  constructor(@Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions) {}

  @Get()
  @Redirect()
  home(): { url: string; statusCode: number } {
    const path = new URL(this.options.issuer).pathname.replace(/\/$/, '');
    return { url: `${path}/.well-known/openid-configuration`, statusCode: 302 };
  }
}
