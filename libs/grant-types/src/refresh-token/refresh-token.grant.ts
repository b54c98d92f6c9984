import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { GrantTypes, OAuthError, Parameter } from '@tessera/protocol';
import { type Client, Clock, hashHandle, type RefreshToken, RefreshTokenStore } from '@tessera/resource-model';
import type { Authorization } from '../authorization.js';
import type { Grant } from '../grant.js';
import { RequestedScopes } from '../requested-scopes.js';
import { GrantStanding } from './grant-standing.js';
import { ReuseDetection } from './reuse-detection.js';

export class RefreshTokenParams {
  @Parameter({ required: true, maxLength: 512 })
  refreshToken!: string;

  @Parameter()
  scope?: string;

  @Parameter({ repeatable: true })
  resource: string[] = [];
}

const unknownToken = 'The refresh token is unknown, expired or revoked.';

/** A client renews what a person agreed to (RFC 6749 §6), with rotation and reuse detection (RFC 9700 §4.14.2). */
@Injectable()
export class RefreshTokenGrant implements Grant<RefreshTokenParams> {
  readonly type = GrantTypes.refreshToken;
  readonly params = RefreshTokenParams;

  constructor(
    private readonly refreshTokens: RefreshTokenStore,
    private readonly reuse: ReuseDetection,
    private readonly standing: GrantStanding,
    private readonly scopes: RequestedScopes,
    private readonly clock: Clock,
  ) {}

  /** Having refresh tokens at all is `allowOfflineAccess`; `allowedGrantTypes` need not repeat it. */
  isAllowedFor(client: Client): boolean {
    return client.allowOfflineAccess;
  }

  async authorize(client: Client, params: RefreshTokenParams): Promise<Authorization> {
    const token = await this.refreshTokens.find(hashHandle(params.refreshToken));
    // Another client's try is answered as an unknown token, and does not touch it.
    if (!token || token.clientId !== client.clientId) {
      throw new OAuthError('invalid_grant', unknownToken);
    }
    const fingerprint = fingerprintOf(params);
    // A used-up token tells of a theft also when its own time is over.
    const answer = await this.reuse.check(client, token, fingerprint);
    if (this.isExpired(token)) throw new OAuthError('invalid_grant', unknownToken);
    await this.standing.check(client, token);
    const person = { subject: token.subject, authentication: token.authentication };
    const refresh = { handle: params.refreshToken, token, fingerprint, answer };
    // Nothing is decided anew where the answer is there; and a used token no longer says what was granted.
    if (answer !== undefined) return { client, person, scopes: [], refresh };
    const granted = await this.scopes.again(client, token, params);
    return {
      client,
      person,
      ...granted,
      claims: token.grantClaims,
      requestedClaims: token.requestedClaims && (await this.scopes.claimsAgain(client, token.requestedClaims)),
      refresh,
    };
  }

  private isExpired({ expiresAt }: RefreshToken): boolean {
    return expiresAt !== undefined && expiresAt <= this.clock.now();
  }
}

/** Equal for two requests that ask for the same, and short whatever they ask for: it is kept. */
function fingerprintOf({ scope, resource }: RefreshTokenParams): string {
  return hash('sha256', JSON.stringify([scope ?? null, [...new Set(resource)].sort()]), 'base64url');
}
