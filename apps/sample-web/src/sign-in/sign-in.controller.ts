import { Controller, Get, Inject, Logger, Post, Req, Res } from '@nestjs/common';
import { ENVIRONMENT, type Environment } from '../environment.js';
import { createHandle } from '../handle.js';
import { BrowserCookies } from '../http/browser-cookies.js';
import type { WebReply, WebRequest } from '../http/exchange.js';
import { parameter } from '../http/parameter.js';
import { PageError } from '../pages/page-error.js';
import { BrowserSession } from '../sessions/browser-session.js';
import { InMemorySignInAttemptStore } from './in-memory-sign-in-attempt.store.js';
import { loginParameters, readLoginRequest } from './login-request.js';
import { SignIn } from './sign-in.js';
import { signInFault } from './sign-in-fault.js';

/** From here to the issuer, and back. */
@Controller()
export class SignInController {
  private readonly logger = new Logger('SignIn');

  constructor(
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    private readonly signIn: SignIn,
    private readonly attempts: InMemorySignInAttemptStore,
    private readonly cookies: BrowserCookies,
    private readonly browsers: BrowserSession,
  ) {}

  @Get('login')
  async login(@Req() request: WebRequest, @Res() reply: WebReply): Promise<void> {
    const wanted = readLoginRequest(request.query, this.environment);
    const browser = this.cookies.read(request, 'sign-in') ?? createHandle();
    const url = await this.signIn.begin(browser, wanted).catch(this.asPage);
    this.cookies.set(reply, 'sign-in', browser, InMemorySignInAttemptStore.lifetime);
    reply.redirect(url, 303);
  }

  /** `initiate_login_uri` is called by both methods (Registration §2). A form from elsewhere comes without cookies; the GET has them. */
  @Post('login')
  loginByForm(@Req() { body }: WebRequest, @Res() reply: WebReply): void {
    const query = new URLSearchParams();
    for (const name of loginParameters) {
      const value = parameter(body, name);
      if (value !== undefined) query.set(name, value);
    }
    reply.redirect(`/login?${query.toString()}`, 303);
  }

  @Get('callback')
  async callback(@Req() request: WebRequest, @Res() reply: WebReply): Promise<void> {
    const attempt = this.takeAttempt(request);
    const { search } = new URL(request.url, this.environment.url);
    const { person, tokens } = await this.signIn.finish(attempt, search).catch(this.asPage);
    this.browsers.begin(request, reply, person, tokens);
    this.logger.log('signed in', { requestId: request.id });
    reply.redirect(attempt.returnTo, 303);
  }

  /** Without it, somebody could make this browser finish a sign-in of theirs. */
  private takeAttempt(request: WebRequest) {
    const state = parameter(request.query, 'state');
    const browser = this.cookies.read(request, 'sign-in');
    const attempt = state && browser ? this.attempts.take(state, browser) : undefined;
    if (attempt) return attempt;
    const text = 'It did not begin in this browser, it took too long, or it has been completed already.';
    throw new PageError(400, 'This sign-in is not known here', text, {
      wayOut: { href: '/login', label: 'Try again' },
    });
  }

  private readonly asPage = (error: unknown): never => {
    throw signInFault(error, this.environment.issuer);
  };
}
