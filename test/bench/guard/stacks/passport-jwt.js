import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { passportJwtSecret } from 'jwks-rsa';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { audience } from '../tokens.js';

/** The usual stack, as the documentation of jwks-rsa puts it together. */
export function protect({ issuer, jwksUri }, { algorithms }) {
  class JwtStrategy extends PassportStrategy(Strategy) {
    constructor() {
      super({
        secretOrKeyProvider: passportJwtSecret({ cache: true, rateLimit: true, jwksRequestsPerMinute: 5, jwksUri }),
        jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
        audience,
        issuer,
        algorithms,
      });
    }

    validate(payload) {
      return payload;
    }
  }
  return { providers: [JwtStrategy], guards: [AuthGuard('jwt')], subject: ({ user }) => user.sub };
}
