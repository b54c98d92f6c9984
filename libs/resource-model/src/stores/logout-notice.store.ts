import type { LogoutNotice } from '../logout-notice.js';

/** Back-channel logout notices that are still to be delivered. */
export abstract class LogoutNoticeStore {
  abstract add(notices: readonly LogoutNotice[]): Promise<void>;

  /**
   * Up to `limit` notices that are due at `now`, in one atomic step with the move of each to its next try, `now + delay(attempts)` seconds: two
   * servers never send the same one at once, and one that dies in the middle loses none. `attempts` counts this try already.
   */
  abstract claimDue(now: number, limit: number, delay: (attempts: number) => number): Promise<readonly LogoutNotice[]>;

  /** It was delivered, or there is nobody to deliver it to. */
  abstract remove(id: string): Promise<void>;

  /** Removes up to `limit` notices that ended before `now` (seconds since 1970); tells how many. */
  abstract removeExpired(now: number, limit: number): Promise<number>;
}
