import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { GrantTypes, OAuthError, Parameter } from '@tessera/protocol';
import {
  type Client,
  Clock,
  type Confirmation,
  hashHandle,
  proves,
  type RefreshToken,
  RefreshTokenStore,
} from '@tessera/resource-model';
import type { Authorization } from '../authorization.js';
import { longestDetails } from '../detail-list.js';
import type { Grant, GrantCall } from '../grant.js';
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

  @Parameter({ maxLength: longestDetails })
  authorizationDetails?: string;
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

  async authorize(client: Client, params: RefreshTokenParams, call: GrantCall): Promise<Authorization> {
    const { confirmation } = call;
    const token = await this.refreshTokens.find(hashHandle(params.refreshToken));
    // Another client's try is answered as an unknown token, and does not touch it.
    if (!token || token.clientId !== client.clientId) {
      throw new OAuthError('invalid_grant', unknownToken);
    }
    // Before anything else is done or said: whoever has not got the key can neither use the token nor use it up.
    if (token.confirmation && !proves(confirmation, token.confirmation)) {
      throw new OAuthError('invalid_grant', 'The refresh token is bound to a key that the request does not prove.');
    }
    const fingerprint = fingerprintOf(params, confirmation);
    await call.useUpProof?.();
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
      mayAct: token.grantClaims?.may_act as Authorization['mayAct'],
      requestedClaims: token.requestedClaims && (await this.scopes.claimsAgain(client, token.requestedClaims)),
      refresh,
    };
  }

  private isExpired({ expiresAt }: RefreshToken): boolean {
    return expiresAt !== undefined && expiresAt <= this.clock.now();
  }
}

/**
 * Equal for two requests that ask for the same with the same key, and short whatever they ask for: it is kept. The answer to one holds tokens that are
 * bound to its key.
 */
function fingerprintOf(
  { scope, resource, authorizationDetails: details }: RefreshTokenParams,
  confirmation: Confirmation | undefined,
): string {
  const more = [...(confirmation ? [confirmation] : []), ...(details === undefined ? [] : [details])];
  const asked = [scope ?? null, [...new Set(resource)].sort(), ...more];
  return hash('sha256', JSON.stringify(asked), 'base64url');
}
