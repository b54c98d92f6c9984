import { Injectable } from '@nestjs/common';
import { OAuthError } from '@tessera/protocol';
import { type Client, Clock, type RefreshToken } from '@tessera/resource-model';
import { TokenFamilies } from '../token-families.js';

/** Tells a lost answer or a second tab from a theft, when a used-up refresh token is seen again (RFC 9700 §4.14.2). */
@Injectable()
export class ReuseDetection {
  constructor(
    private readonly families: TokenFamilies,
    private readonly clock: Clock,
  ) {}

  /**
   * Lets the repetition of the same request pass within the client's grace. Later than that, the whole family is revoked: one of
   * the two who hold the token is a thief, and nobody can say which.
   * @returns the sealed response that the repetition gets; undefined for a token that has not been used
   * @throws OAuthError `invalid_grant`
   */
  async check(client: Client, token: RefreshToken, fingerprint: string): Promise<string | undefined> {
    const { rotation } = token;
    if (!rotation) return undefined;
    if (this.clock.now() - rotation.at >= client.refreshTokenGrace) {
      await this.families.revoke(token.familyId, client);
      throw new OAuthError(
        'invalid_grant',
        'The refresh token was used before; all that came from the sign-in is revoked.',
      );
    }
    if (rotation.request !== fingerprint) {
      throw new OAuthError('invalid_grant', 'The refresh token was used a moment ago, for a different request.');
    }
    // By another clock than ours its time is over, or the grace has been prolonged since: that is nobody's theft.
    if (rotation.response === undefined) {
      throw new OAuthError(
        'invalid_grant',
        'The refresh token was used a moment ago, and its answer is kept no longer.',
      );
    }
    return rotation.response;
  }
}
