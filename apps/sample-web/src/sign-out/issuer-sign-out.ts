import { Inject, Injectable, Logger } from '@nestjs/common';
import * as openid from 'openid-client';
import { ENVIRONMENT, type Environment } from '../environment.js';
import { Issuer } from '../issuer/issuer.js';
import { describeError } from '../pages/describe-error.js';
import type { Tokens } from '../sessions/session.js';

/** What the issuer is told when somebody signs out here. That it does not answer holds nobody up. */
@Injectable()
export class IssuerSignOut {
  private readonly logger = new Logger('SignOut');

  constructor(
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    private readonly issuer: Issuer,
  ) {}

  /** The refresh token would outlive the session (RFC 7009). */
  async revoke({ refreshToken }: Tokens): Promise<void> {
    if (refreshToken === undefined) return;
    try {
      const { configuration, metadata } = await this.issuer.known();
      if (!metadata.revocation_endpoint) return;
      await openid.tokenRevocation(configuration, refreshToken, { token_type_hint: 'refresh_token' });
    } catch (error) {
      this.logger.warn('a refresh token could not be revoked', describeError(error));
    }
  }

  /** Where the browser goes to sign out there as well; undefined where that cannot be done. */
  async endSessionUrl({ idToken }: Tokens, state: string): Promise<string | undefined> {
    try {
      const { configuration, metadata } = await this.issuer.known();
      if (!metadata.end_session_endpoint) return undefined;
      const post_logout_redirect_uri = new URL('/signed-out', this.environment.url).href;
      return openid.buildEndSessionUrl(configuration, { id_token_hint: idToken, post_logout_redirect_uri, state }).href;
    } catch (error) {
      this.logger.warn('the session at the issuer goes on', describeError(error));
      return undefined;
    }
  }
}
