import { Controller, Logger, Post, Req, Res } from '@nestjs/common';
import type { WebReply, WebRequest } from '../http/exchange.js';
import { parameter } from '../http/parameter.js';
import { describeError } from '../pages/describe-error.js';
import { InMemorySessionStore } from '../sessions/in-memory-session.store.js';
import { LogoutTokenVerifier } from './logout-token.verifier.js';

/** Where the issuer tells that somebody has signed out (OpenID Connect Back-Channel Logout 1.0). No browser comes here. */
@Controller('backchannel-logout')
export class BackchannelLogoutController {
  private readonly logger = new Logger('BackchannelLogout');

  constructor(
    private readonly tokens: LogoutTokenVerifier,
    private readonly sessions: InMemorySessionStore,
  ) {}

  @Post()
  async logout(@Req() request: WebRequest, @Res() reply: WebReply): Promise<void> {
    try {
      const logout = await this.tokens.verify(parameter(request.body, 'logout_token') ?? '');
      // Also when there were none: then the person is signed out already, as it should be (§2.7).
      const ended = this.sessions.endMatching(logout);
      this.logger.log('sessions ended', { requestId: request.id, ended });
      reply.status(200).send('');
    } catch (error) {
      // §2.8: whatever was wrong with it, and also when it could not be found out.
      this.logger.warn('refused', { requestId: request.id, ...describeError(error) });
      reply.status(400).send({ error: 'invalid_request', error_description: 'The logout token is not valid.' });
    }
  }
}
