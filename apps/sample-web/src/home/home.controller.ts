import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ENVIRONMENT, type Environment } from '../environment.js';
import type { WebReply, WebRequest } from '../http/exchange.js';
import { parameter } from '../http/parameter.js';
import { Pages } from '../pages/pages.js';
import { BrowserSession } from '../sessions/browser-session.js';
import { HomePage } from './home-page.js';

/** The first page: an invitation to sign in, or what is known about whoever has. */
@Controller()
export class HomeController {
  constructor(
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    private readonly browsers: BrowserSession,
    private readonly homePage: HomePage,
    private readonly pages: Pages,
  ) {}

  @Get()
  async home(@Req() request: WebRequest, @Res() reply: WebReply): Promise<void> {
    const session = this.browsers.find(request);
    if (session) await this.homePage.send(reply, session.id, { cancel: parameter(request.query, 'cancel') });
    else await this.pages.send(reply, 'welcome', { issuer: this.environment.issuer });
  }
}
