import { UnauthorizedException } from '@nestjs/common';

/** What one writes around a library that verifies tokens and knows no Nest. */
export function bearerGuard(verify) {
  return {
    async canActivate(context) {
      const request = context.switchToHttp().getRequest();
      const { authorization } = request.headers;
      if (!authorization?.startsWith('Bearer ')) throw new UnauthorizedException();
      try {
        request.user = await verify(authorization.slice(7));
      } catch {
        throw new UnauthorizedException();
      }
      return true;
    },
  };
}

/** The protection by that guard, as api.js wants it. */
export function protectedBy(verify) {
  return { guards: [bearerGuard(verify)], subject: ({ user }) => user.sub };
}
