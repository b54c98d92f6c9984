import type { Consent } from '../consent.js';

/** Remembered consents: at most one for each person and client. */
export abstract class ConsentStore {
  /** In the place of an earlier one of the same person and client. */
  abstract save(consent: Consent): Promise<void>;

  abstract find(subject: string, clientId: string): Promise<Consent | undefined>;

  abstract listBySubject(subject: string): Promise<readonly Consent[]>;

  abstract remove(subject: string, clientId: string): Promise<void>;

  /** Removes up to `limit` consents that ended before `now` (seconds since 1970); tells how many. */
  abstract removeExpired(now: number, limit: number): Promise<number>;
}
