import {
  createParamDecorator,
  Injectable,
  InternalServerErrorException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { hashHandle } from '../handle.js';
import type { WebRequest } from '../http/exchange.js';
import { parameter } from '../http/parameter.js';
import { PageError } from '../pages/page-error.js';
import { BrowserSession } from './browser-session.js';
import { SessionEnded } from './session-ended.js';
import type { Session } from './session.js';

/**
 * Lets a form in only from somebody who is signed in, and only if it came out of this application's own pages: another site can make
 * a browser send a form with its cookies, but cannot know the token in it.
 */
@Injectable()
export class FormGuard implements CanActivate {
  constructor(private readonly browsers: BrowserSession) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<WebRequest>();
    const session = this.browsers.find(request);
    if (!session) throw new SessionEnded();
    const given = parameter(request.body, 'form_token') ?? '';
    // Hashes, so that the time of the comparison says nothing about the token.
    if (hashHandle(given) !== hashHandle(session.formToken)) {
      throw new PageError(
        403,
        'This form is not from here',
        'It may be an old one: go back to the first page and try again.',
      );
    }
    request.session = session;
    return true;
  }
}

/** The session of whoever sent the form; behind a FormGuard only. */
export const SignedIn = createParamDecorator((_data: unknown, context: ExecutionContext): Session => {
  const { session } = context.switchToHttp().getRequest<WebRequest>();
  if (!session) throw new InternalServerErrorException('SignedIn was used without a FormGuard.');
  return session;
});
