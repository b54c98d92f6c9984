import { UnauthorizedException } from '@nestjs/common';
import fastifyJwt from '@fastify/jwt';
import { fastJwtChecks, pemKeys } from '../verifiers.js';

export function protect({ issuer, jwksUri }) {
  const pemOf = pemKeys(jwksUri);
  const options = {
    secret: (_request, { header }) => pemOf(header.kid),
    decode: { complete: true },
    verify: { ...fastJwtChecks(issuer), cache: true },
  };
  const guard = {
    async canActivate(context) {
      try {
        await context.switchToHttp().getRequest().jwtVerify();
      } catch {
        throw new UnauthorizedException();
      }
      return true;
    },
  };
  return { guards: [guard], subject: ({ user }) => user.sub, prepare: (app) => app.register(fastifyJwt, options) };
}
