import { Controller, Get, Redirect } from '@nestjs/common';

/** Whoever opens the server's address finds out what it is. */
@Controller()
export class HomeController {
  @Get()
  @Redirect('/.well-known/openid-configuration', 302)
  home(): void {}
}
