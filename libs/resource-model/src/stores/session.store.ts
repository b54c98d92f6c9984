import type { HandleHash } from '../handle.js';
import type { Session } from '../session.js';

/** Sign-ins of people. */
export abstract class SessionStore {
  abstract add(session: Session): Promise<void>;

  /** The session as it stands, ended ones included until they are removed. */
  abstract find(handleHash: HandleHash): Promise<Session | undefined>;

  /** The session of that `sid`. */
  abstract findById(id: string): Promise<Session | undefined>;

  /** All of a person, newest first. */
  abstract listBySubject(subject: string): Promise<readonly Session[]>;

  /** Moves its end, in one atomic step. False where it is gone. Times are seconds since 1970. */
  abstract touch(id: string, lastSeenAt: number, expiresAt: number): Promise<boolean>;

  /** Notes that a client takes part, once, in one atomic step. False where the session is gone: nothing must be issued in it. */
  abstract addClient(id: string, clientId: string): Promise<boolean>;

  /**
   * Puts a session in the place of another with the same id and another handle, in one atomic step: the old cookie opens nothing any more. The
   * clients of both take part. False where it is gone.
   */
  abstract replace(session: Session): Promise<boolean>;

  /** Ends it in one atomic step: of any number of tries exactly one is given the session. */
  abstract remove(id: string): Promise<Session | undefined>;

  /** Removes up to `limit` sessions that ended before `now` (seconds since 1970); tells how many. */
  abstract removeExpired(now: number, limit: number): Promise<number>;
}
