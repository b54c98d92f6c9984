import type { HandleHash } from '../handle.js';
import type { RefreshToken, Rotation } from '../refresh-token.js';

/** How a rotation went: done, or what stands in its way (nothing: the token is gone). */
export type RotationOutcome =
  { readonly rotated: true } | { readonly rotated: false; readonly current: RefreshToken | undefined };

/** Refresh tokens. A used-up one stays until it expires, so that its reuse is noticed. */
export abstract class RefreshTokenStore {
  abstract add(token: RefreshToken): Promise<void>;

  /** The token as it stands, used up or not, expired or not. */
  abstract find(handleHash: HandleHash): Promise<RefreshToken | undefined>;

  /**
   * Uses the token up, keeps what is left of it (`usedUp`) until `rotation.keptUntil`, and adds its successor, both or neither, in one atomic step: of any number
   * of tries at once exactly one is told `rotated: true`, the others get the token with the rotation that won, its response included.
   */
  abstract rotate(handleHash: HandleHash, rotation: Rotation, successor: RefreshToken): Promise<RotationOutcome>;

  /**
   * Moves the end of a token that may be used again (undefined: it has none), in one atomic step. False where the token is gone: who is
   * told so must not hand out what it was about to.
   */
  abstract touch(handleHash: HandleHash, expiresAt: number | undefined): Promise<boolean>;

  /** The current tokens of a person: one of each family, used-up ones left out. */
  abstract listBySubject(subject: string): Promise<readonly RefreshToken[]>;

  /** Removes a token and all that share its family. */
  abstract removeFamily(familyId: string): Promise<void>;

  /**
   * Removes up to `limit` tokens, and responses of used tokens, that ended before `now` (seconds since 1970); tells how many of both. A response may outlive the
   * family that was removed: sealed, and no longer found.
   */
  abstract removeExpired(now: number, limit: number): Promise<number>;
}
