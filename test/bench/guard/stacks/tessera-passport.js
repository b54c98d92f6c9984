import { AuthGuard } from '@nestjs/passport';
import { JwtGuardModule } from '@tessera/jwt-guard';
import { TesseraPassportModule } from '@tessera/jwt-guard/passport';
import { audience } from '../tokens.js';

export function protect({ issuer }) {
  return {
    imports: [JwtGuardModule.forRoot({ issuer, audience, global: false }), TesseraPassportModule.forRoot()],
    guards: [AuthGuard('tessera-jwt')],
    subject: ({ user }) => user.sub,
  };
}
