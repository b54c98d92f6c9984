import { Controller, Get, Inject, Logger, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ENVIRONMENT, type Environment } from '../environment.js';
import { createHandle } from '../handle.js';
import { BrowserCookies } from '../http/browser-cookies.js';
import type { WebReply, WebRequest } from '../http/exchange.js';
import { parameter } from '../http/parameter.js';
import { Pages } from '../pages/pages.js';
import { BrowserSession } from '../sessions/browser-session.js';
import { FormGuard, SignedIn } from '../sessions/form.guard.js';
import type { Session } from '../sessions/session.js';
import { IssuerSignOut } from './issuer-sign-out.js';

/** Seconds: as long as the way to the issuer and back may take. */
const wayLifetime = 600;

/** Ends the session here, then at the issuer (OpenID Connect RP-Initiated Logout 1.0). */
@Controller()
export class SignOutController {
  private readonly logger = new Logger('SignOut');

  constructor(
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    private readonly browsers: BrowserSession,
    private readonly issuer: IssuerSignOut,
    private readonly cookies: BrowserCookies,
    private readonly pages: Pages,
  ) {}

  @Post('sign-out')
  @UseGuards(FormGuard)
  async signOut(@SignedIn() session: Session, @Res() reply: WebReply): Promise<void> {
    // Our own first: it is over here, whether or not the issuer answers.
    this.browsers.end(session, reply);
    this.logger.log('signed out');
    await this.issuer.revoke(session.tokens);
    const state = createHandle();
    const url = await this.issuer.endSessionUrl(session.tokens, state);
    if (url === undefined) return void reply.redirect('/signed-out', 303);
    this.cookies.set(reply, 'sign-out', state, wayLifetime);
    reply.redirect(url, 303);
  }

  @Get('signed-out')
  async signedOut(@Req() request: WebRequest, @Res() reply: WebReply): Promise<void> {
    if (this.browsers.find(request)) return void reply.redirect('/', 303);
    const state = this.cookies.read(request, 'sign-out');
    // With the state, this is the way back from the issuer, and not somebody who has typed the address.
    const isBack = state !== undefined && state === parameter(request.query, 'state');
    if (isBack) this.cookies.clear(reply, 'sign-out');
    await this.pages.send(reply, 'signed-out', { isBack, issuer: this.environment.issuer });
  }
}
