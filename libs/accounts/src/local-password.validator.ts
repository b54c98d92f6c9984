import { Injectable, Optional } from '@nestjs/common';
import { ResourceOwnerPasswordValidator, type SignInOrigin, type VerifiedPerson } from '@tessera/grant-types';
import { Clock, createHandle, hashHandle, KnownDeviceStore, UserStore } from '@tessera/resource-model';
import { hashPassword, refuseWhileBusy } from './password-hashing.js';
import { PasswordRenewal } from './passwords/password-renewal.js';
import { verifyOrPretend } from './passwords/verify-or-pretend.js';
import { SignInThrottle } from './throttle/sign-in-throttle.js';

/** Checks passwords against the hashes in the user store, the slower the more of them were wrong. */
@Injectable()
export class LocalPasswordValidator extends ResourceOwnerPasswordValidator {
  /** Verified against where there is no hash, so that nobody learns from the time which user names exist. */
  private readonly nobody = hashPassword(createHandle());
  private readonly renewal: PasswordRenewal;

  constructor(
    private readonly users: UserStore,
    private readonly throttle: SignInThrottle,
    private readonly clock: Clock,
    @Optional() private readonly devices?: KnownDeviceStore,
  ) {
    super();
    this.renewal = new PasswordRenewal(users);
  }

  async validate(username: string, password: string, origin: SignInOrigin = {}): Promise<VerifiedPerson | undefined> {
    // First of all: a try that nobody has time for does not count.
    refuseWhileBusy();
    const isKnownDevice = await this.isKnown(origin.device, username);
    return this.throttle.attempt({ ...origin, username, isKnownDevice }, () => this.verify(username, password));
  }

  private async verify(username: string, password: string): Promise<VerifiedPerson | undefined> {
    const user = await this.users.findByUsername(username);
    const isRight = await verifyOrPretend(user, password, await this.nobody);
    if (!user?.enabled || !isRight) return undefined;
    await this.renewal.renew(user, password);
    return { subject: user.subject };
  }

  private async isKnown(device: string | undefined, username: string): Promise<boolean> {
    if (device === undefined || !this.devices) return false;
    const user = await this.users.findByUsername(username);
    // Asked for an unknown person as well (nobody's subject is empty), so that the time tells nothing.
    return this.devices.has(hashHandle(device), user?.subject ?? '', this.clock.now());
  }
}
