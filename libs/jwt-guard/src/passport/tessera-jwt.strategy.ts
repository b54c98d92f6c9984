import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { RequestAuthenticator } from '../guard/request-authenticator.js';
import type { AccessTokenClaims } from '../token/access-token-claims.js';
import { BearerStrategy } from './bearer-strategy.js';

/**
 * The verifier of JwtGuardModule as a Passport strategy, for `AuthGuard('tessera-jwt')`. Extend it and override
 * `validate()` to turn the claims into a user of one's own, as with passport-jwt.
 */
@Injectable()
export class TesseraJwtStrategy extends PassportStrategy(BearerStrategy, 'tessera-jwt') {
  constructor(authenticator: RequestAuthenticator) {
    super(authenticator);
  }

  /** What becomes `request.user`. */
  validate(claims: AccessTokenClaims): unknown {
    return claims;
  }
}
