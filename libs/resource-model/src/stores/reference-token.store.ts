import type { HandleHash } from '../handle.js';
import type { ReferenceToken } from '../reference-token.js';

/** Opaque access tokens. */
export abstract class ReferenceTokenStore {
  abstract add(token: ReferenceToken): Promise<void>;

  abstract find(handleHash: HandleHash): Promise<ReferenceToken | undefined>;

  abstract remove(handleHash: HandleHash): Promise<void>;

  /** Removes every token that was issued with the refresh token family. */
  abstract removeFamily(familyId: string): Promise<void>;

  /** Removes every token that a client has for a person. */
  abstract removeGrants(subject: string, clientId: string): Promise<void>;

  /** Removes up to `limit` tokens that ended before `now` (seconds since 1970); tells how many. */
  abstract removeExpired(now: number, limit: number): Promise<number>;
}
