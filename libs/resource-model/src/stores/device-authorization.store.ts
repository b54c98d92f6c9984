import type { DeviceAuthorization, DeviceDecision } from '../device-authorization.js';
import type { HandleHash } from '../handle.js';

/** Devices that wait for a person. */
export abstract class DeviceAuthorizationStore {
  /** False where another one that has not ended holds the same user code. */
  abstract add(authorization: DeviceAuthorization, now: number): Promise<boolean>;

  abstract findByUserCode(userCodeHash: HandleHash): Promise<DeviceAuthorization | undefined>;

  /** Keeps the person's decision, in one atomic step and once: false where there is one already, or the device is gone. */
  abstract decide(userCodeHash: HandleHash, decision: DeviceDecision): Promise<boolean>;

  /**
   * A poll, in one atomic step: notes its time, and adds `penalty` seconds to the interval where it came before the interval was over. Gives the
   * record as it was before, with `tooEarly` saying so; undefined where there is none.
   */
  abstract poll(
    handleHash: HandleHash,
    now: number,
    penalty: number,
  ): Promise<{ readonly authorization: DeviceAuthorization; readonly tooEarly: boolean } | undefined>;

  /** Uses it up in one atomic step: of any number of tries exactly one is given it. */
  abstract redeem(handleHash: HandleHash): Promise<DeviceAuthorization | undefined>;

  /** Removes every device that a person has let in for a client and that has not come for its tokens. */
  abstract removeGrants(subject: string, clientId: string): Promise<void>;

  /** Removes up to `limit` that ended before `now` (seconds since 1970); tells how many. */
  abstract removeExpired(now: number, limit: number): Promise<number>;
}
