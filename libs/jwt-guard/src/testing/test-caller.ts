import type { TokenClaims } from './token-mint.js';

/** Who calls an API in a test that does without tokens; see `signedInAs()`. Nobody, until it is said. */
export class TestCaller {
  private current: TokenClaims | undefined;

  constructor(claims?: TokenClaims) {
    this.current = claims;
  }

  /** What the token of the caller would say; undefined while it is nobody. */
  get claims(): TokenClaims | undefined {
    return this.current;
  }

  /** From now on calls come from somebody with these claims, and no others. */
  is(claims: TokenClaims): void {
    this.current = claims;
  }

  /** From now on calls come without a token: the answer is 401, but for routes that are `@Public()`. */
  isNobody(): void {
    this.current = undefined;
  }
}
