import type { LogoutNotice } from '../logout-notice.js';

/** Back-channel logout notices that are still to be delivered. */
export abstract class LogoutNoticeStore {
  abstract add(notices: readonly LogoutNotice[]): Promise<void>;

  /**
   * Up to `limit` notices that are due at `now`: one of each client, the one due longest, and none of the clients in `except`; where there are more
   * clients, those whose notice has been due longest. In any order, and in one atomic step with the move of each to its next try,
   * `now + delay(attempts)` seconds: two servers never send the same one at once, and one that dies in the middle loses none. `attempts` counts
   * this try already. In SQL: `ROW_NUMBER() OVER (PARTITION BY client_id ORDER BY due_at)`, of which the first rows are taken.
   */
  abstract claimDue(
    now: number,
    wanted: { readonly limit: number; readonly except: readonly string[] },
    delay: (attempts: number) => number,
  ): Promise<readonly LogoutNotice[]>;

  /** It was delivered, or there is nobody to deliver it to. */
  abstract remove(id: string): Promise<void>;

  /** Removes up to `limit` notices that ended before `now` (seconds since 1970); tells how many. */
  abstract removeExpired(now: number, limit: number): Promise<number>;
}
