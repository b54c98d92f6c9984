import { Inject, Injectable } from '@nestjs/common';
import { TooManyAttemptsError } from '@tessera/grant-types';
import { bearerToken, OAuthError } from '@tessera/protocol';
import {
  attemptKey,
  Clock,
  type InitialAccessToken,
  matchesSharedSecret,
  networkOf,
  type RegistrationRules,
  SignInAttempts,
} from '@tessera/resource-model';
import type { HttpRequest } from '../../http/message.js';
import { missingToken } from './missing-token.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../../token-server.options.js';

const hour = 3600;

/** Who may register clients, how often, and what these may be (RFC 7591 §3, §5). */
@Injectable()
export class RegistrationAccess {
  private readonly rules: RegistrationRules;

  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) { registration }: ResolvedOptions,
    private readonly attempts: SignInAttempts,
    private readonly clock: Clock,
  ) {
    this.rules = registration;
  }

  /**
   * The initial access token of the request; undefined where none is needed and none was sent. A token that is wrong is refused also where none is needed.
   * @throws OAuthError `invalid_token`
   */
  tokenOf({ headers }: HttpRequest): InitialAccessToken | undefined {
    const sent = bearerToken(headers.authorization);
    if (sent === undefined) {
      if (this.rules.mode === 'open' && headers.authorization === undefined) return undefined;
      throw missingToken();
    }
    const now = this.clock.now();
    const isInForce = ({ secret: { expiration } }: InitialAccessToken) => expiration === undefined || expiration > now;
    const found = this.rules.initialAccessTokens
      .filter(isInForce)
      .find(({ secret }) => matchesSharedSecret(secret, sent));
    if (!found) throw new OAuthError('invalid_token', 'The initial access token is unknown or expired.');
    return found;
  }

  /** Counts a try from that address, whatever becomes of it. @throws TooManyAttemptsError */
  async count({ ip = 'unknown' }: HttpRequest): Promise<void> {
    const rule = { free: this.rules.registrationsPerHour, longest: hour, within: hour };
    const { wait } = await this.attempts.enter(attemptKey('registration', networkOf(ip)), rule);
    if (wait > 0) throw new TooManyAttemptsError(wait, 'from one network', 'requests to register');
  }
}
