import { Injectable, Logger } from '@nestjs/common';
import * as openid from 'openid-client';
import { Clock } from '../clock.js';
import { issuedTokens } from '../issuer/issued-tokens.js';
import { issuerFault } from '../issuer/issuer-fault.js';
import { Issuer } from '../issuer/issuer.js';
import { describeError } from '../pages/describe-error.js';
import { PageError } from '../pages/page-error.js';
import { InMemorySessionStore } from './in-memory-session.store.js';
import { SessionEnded } from './session-ended.js';
import type { Session, Tokens } from './session.js';

/**
 * The tokens of a session, refreshed when they are about to end. A session refreshes once at a time and everybody waits for it: a
 * refresh token is good for one use, and a second use looks like a theft to the issuer.
 */
@Injectable()
export class FreshTokens {
  /** Seconds before its end from which on an access token is replaced: it still has a way to go. */
  static readonly margin = 30;
  private readonly logger = new Logger('FreshTokens');
  private readonly running = new Map<string, Promise<Tokens>>();

  constructor(
    private readonly issuer: Issuer,
    private readonly sessions: InMemorySessionStore,
    private readonly clock: Clock,
  ) {}

  /** Tokens that are good for a while. Rejects with SessionEnded where there are none to be had any more. */
  async current(sessionId: string): Promise<Tokens> {
    const { tokens } = this.read(sessionId);
    if (this.secondsLeft(tokens) > FreshTokens.margin || tokens.refreshToken === undefined) return tokens;
    try {
      return await this.refresh(sessionId);
    } catch (error) {
      // The issuer is away, and the tokens are still good for a moment.
      if (error instanceof SessionEnded || this.secondsLeft(tokens) <= 0) throw error;
      return tokens;
    }
  }

  /** Tokens with another access token than this one, which the API does not take; undefined where there can be none. */
  async after(rejected: string, sessionId: string): Promise<Tokens | undefined> {
    const { tokens } = this.read(sessionId);
    if (tokens.accessToken !== rejected) return tokens;
    return tokens.refreshToken === undefined ? undefined : this.refresh(sessionId);
  }

  /** New tokens in any case. Rejects with SessionEnded where the issuer gives none, and with another PageError where it does not answer. */
  refresh(sessionId: string): Promise<Tokens> {
    const running = this.running.get(sessionId);
    if (running) return running;
    const refreshing = this.refreshOnce(sessionId).finally(() => this.running.delete(sessionId));
    this.running.set(sessionId, refreshing);
    return refreshing;
  }

  private async refreshOnce(sessionId: string): Promise<Tokens> {
    const tokens = await this.redeem(this.read(sessionId)).catch((error: unknown) => {
      if (!(error instanceof PageError)) this.logger.warn('the tokens could not be refreshed', describeError(error));
      throw issuerFault(error);
    });
    // Signed out in the meantime: it stays so.
    if (!this.sessions.replaceTokens(sessionId, tokens)) throw new SessionEnded();
    return tokens;
  }

  private async redeem({ id, person, tokens: former }: Session): Promise<Tokens> {
    if (former.refreshToken === undefined) {
      throw new PageError(400, 'There is nothing to refresh with', 'The sign-in server gave no refresh token.');
    }
    const { configuration } = await this.issuer.known();
    const answer = await openid.refreshTokenGrant(configuration, former.refreshToken).catch((error: unknown) => {
      // Expired, revoked, or the session at the issuer is over (RFC 6749 §5.2).
      if (error instanceof openid.ResponseBodyError && error.error === 'invalid_grant') throw this.ended(id, error);
      throw error;
    });
    const claims = answer.claims();
    // OpenID Connect Core §12.2: an id_token that comes with it is about the same person.
    if (claims && claims.sub !== person.subject) throw this.ended(id, 'the id_token is about somebody else');
    return issuedTokens(answer, { scope: former.scopes.join(' '), now: this.clock.now(), former });
  }

  private ended(sessionId: string, why: unknown): SessionEnded {
    this.sessions.end(sessionId);
    this.logger.log('session ended at a refresh', typeof why === 'string' ? { reason: why } : describeError(why));
    return new SessionEnded();
  }

  private read(sessionId: string): Session {
    const session = this.sessions.read(sessionId);
    if (!session) throw new SessionEnded();
    return session;
  }

  private secondsLeft({ expiresAt }: Tokens): number {
    return expiresAt === undefined ? Infinity : expiresAt - this.clock.now();
  }
}
