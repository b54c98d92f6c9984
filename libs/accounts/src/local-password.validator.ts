import { Injectable } from '@nestjs/common';
import { ResourceOwnerPasswordValidator, type VerifiedPerson } from '@tessera/grant-types';
import { createHandle, UserStore } from '@tessera/resource-model';
import { hashPassword, verifyPassword } from './password-hashing.js';

/** Checks passwords against the hashes in the user store. */
@Injectable()
export class LocalPasswordValidator extends ResourceOwnerPasswordValidator {
  /** Verified against where there is no hash, so that nobody learns from the time which user names exist. */
  private readonly nobody = hashPassword(createHandle());

  constructor(private readonly users: UserStore) {
    super();
  }

  async validate(username: string, password: string): Promise<VerifiedPerson | undefined> {
    const user = await this.users.findByUsername(username);
    const isRight = await verifyPassword(user?.passwordHash ?? (await this.nobody), password);
    return user?.enabled && user.passwordHash !== undefined && isRight ? { subject: user.subject } : undefined;
  }
}
