import { Injectable } from '@nestjs/common';
import { GuardSettings } from '../options/guard-settings.js';
import type { AccessTokenClaims } from '../token/access-token-claims.js';
import { AccessTokenError } from '../token/access-token.error.js';
import { AccessTokenVerifier } from '../token/access-token-verifier.js';
import { AccessRefusedException } from './access-refused.exception.js';
import { readBearerToken, type BearerRequest } from './bearer-request.js';
import { checkScopes } from './required-scopes.js';
import { rememberClaims } from './verified-claims.js';

/** From an HTTP request to the claims of its access token: what the guard and the Passport strategy share. */
@Injectable()
export class BearerAuthenticator {
  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly settings: GuardSettings,
  ) {}

  /** Rejects with an AccessRefusedException. */
  async authenticate(request: BearerRequest): Promise<AccessTokenClaims> {
    try {
      const claims = await this.verifier.verify(readBearerToken(request));
      rememberClaims(request, claims);
      return claims;
    } catch (error) {
      throw this.refusal(error);
    }
  }

  /** Throws an AccessRefusedException where a scope is missing, and where there are no verified claims at all. */
  authorize(claims: AccessTokenClaims | undefined, requiredScopes: readonly string[]): void {
    try {
      checkScopes(claims, requiredScopes);
    } catch (error) {
      throw this.refusal(error);
    }
  }

  /** Anything but a refusal is a fault of ours and goes on as it is: a 500. */
  private refusal(error: unknown): unknown {
    return error instanceof AccessTokenError ? new AccessRefusedException(error, this.settings.realm) : error;
  }
}
