import type { HandleHash } from '../handle.js';
import type { PushedRequest } from '../pushed-request.js';

/** Pushed authorization requests. That each is answered once is for the {@link UsedIdStore} to keep: it has to outlive the request. */
export abstract class PushedRequestStore {
  abstract add(request: PushedRequest): Promise<void>;

  /** The request as it stands, expired or not. */
  abstract find(handleHash: HandleHash): Promise<PushedRequest | undefined>;

  /** Whoever comes with the handle after that finds nothing. */
  abstract remove(handleHash: HandleHash): Promise<void>;

  /** Removes up to `limit` requests that ended before `now` (seconds since 1970); tells how many. */
  abstract removeExpired(now: number, limit: number): Promise<number>;
}
