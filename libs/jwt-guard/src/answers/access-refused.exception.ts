import { HttpException } from '@nestjs/common';
import type { AccessTokenError, AccessTokenErrorCode } from '../token/access-token.error.js';
import { graphqlExtensions } from './graphql-extensions.js';

/** How a refusal is answered over HTTP. */
export interface Answer {
  readonly status: number;
  /** WWW-Authenticate, Retry-After, DPoP-Nonce. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
  readonly description: string;
}

/**
 * A refusal as Nest's exception filters see it. `code` is the stable code of the AccessTokenError in `cause`, `headers`
 * are those of the answer, the body is `{ error, error_description }`, or Nest's own where no token was sent.
 */
export class AccessRefusedException extends HttpException {
  readonly code: AccessTokenErrorCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(error: AccessTokenError, answer: Answer) {
    super(answer.body, answer.status, { cause: error });
    this.message = answer.description;
    this.code = error.code;
    this.headers = answer.headers;
  }

  /** GraphQL sends the `extensions` of whatever a resolver throws. */
  get extensions(): Record<string, unknown> {
    return graphqlExtensions(this);
  }
}
