import type { RequestAuthenticator } from '../guard/request-authenticator.js';
import { rememberAccess } from '../guard/verified-requests.js';
import type { PresentedRequest } from '../presentation/presented-request.js';
import type { AccessTokenClaims } from '../token/access-token-claims.js';

/** Called with what `validate()` made of the claims. */
export type Verified = (error: unknown, user?: unknown) => void;

/** The shape of a Passport strategy. Passport copies it for each request and gives the copy `success` and `error`. */
export class BearerStrategy {
  declare success: (user: unknown) => void;
  declare error: (error: unknown) => void;

  constructor(
    private readonly authenticator: RequestAuthenticator,
    private readonly validated: (claims: AccessTokenClaims, done: Verified) => unknown,
  ) {}

  /**
   * A refusal goes through `error` and not through `fail`: @nestjs/passport turns a failure into a 401 without a
   * challenge, and the caller would not learn what was wrong. `error` ends Passport's chain, so of several strategies this is the
   * last one.
   */
  authenticate(request: PresentedRequest): void {
    this.authenticator.authenticate(request).then(
      (access) => {
        this.validated(access.claims, (error, user) => {
          if (error) return this.error(error);
          // Not for whom validate() refused: a guard that does without a user may follow, and then RequirementsGuard.
          if (user) rememberAccess(request, access);
          this.success(user);
        });
      },
      (error: unknown) => this.error(error),
    );
  }
}
