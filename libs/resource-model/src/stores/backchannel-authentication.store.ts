import type { BackchannelAuthentication, BackchannelDecision } from '../backchannel-authentication.js';
import type { HandleHash } from '../handle.js';

/** Clients that wait for the word of a person whom they named (CIBA). */
export abstract class BackchannelAuthenticationStore {
  /** False where `most` of the same client wait for the person at `now` already: nobody is flooded with questions. */
  abstract add(authentication: BackchannelAuthentication, now: number, most: number): Promise<boolean>;

  /** The one with this id, where it asks this person, decided or not; undefined otherwise. */
  abstract find(id: string, subject: string): Promise<BackchannelAuthentication | undefined>;

  /** What waits for the person's word at `now` (seconds since 1970), the latest first. */
  abstract waitingFor(subject: string, now: number): Promise<readonly BackchannelAuthentication[]>;

  /**
   * Keeps the person's decision, in one atomic step and once: undefined where there is one already, or it asks somebody else, or it ended before
   * `now`. Gives the record with the decision.
   */
  abstract decide(
    id: string,
    subject: string,
    decision: BackchannelDecision,
    now: number,
  ): Promise<BackchannelAuthentication | undefined>;

  /**
   * A poll, in one atomic step: notes its time, and adds `penalty` seconds to the interval where it came before the interval was over. Gives the
   * record as it was before, with `tooEarly` saying so; undefined where there is none.
   */
  abstract poll(
    handleHash: HandleHash,
    now: number,
    penalty: number,
  ): Promise<{ readonly authentication: BackchannelAuthentication; readonly tooEarly: boolean } | undefined>;

  /** Uses it up in one atomic step: of any number of tries exactly one is given it. */
  abstract redeem(handleHash: HandleHash): Promise<BackchannelAuthentication | undefined>;

  /** Removes everything that the person has agreed to for a client and that has not been fetched. */
  abstract removeGrants(subject: string, clientId: string): Promise<void>;

  /** Removes up to `limit` that ended before `now` (seconds since 1970); tells how many. */
  abstract removeExpired(now: number, limit: number): Promise<number>;
}
