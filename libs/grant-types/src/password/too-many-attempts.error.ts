import { OAuthError } from '@tessera/protocol';

/** A sign-in that comes too soon after others that failed: the password was not looked at. */
export class TooManyAttemptsError extends OAuthError {
  /**
   * @param retryAfter seconds until a try may be let in again
   * @param cause which count was exceeded: for the log alone, since it would tell an attacker what to change
   * @param what was tried too often
   */
  constructor(
    readonly retryAfter: number,
    cause?: string,
    what = 'attempts to sign in',
  ) {
    const seconds = retryAfter === 1 ? '1 second' : `${retryAfter} seconds`;
    super('temporarily_unavailable', `Too many ${what}: wait ${seconds} and try again.`, { cause });
  }
}
