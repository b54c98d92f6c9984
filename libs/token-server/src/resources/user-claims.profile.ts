import { Injectable } from '@nestjs/common';
import { type ProfileRequest, ProfileService } from '@tessera/grant-types';
import { UserStore } from '@tessera/resource-model';

/** Answers from the claims in the user store. */
@Injectable()
export class UserClaimsProfile extends ProfileService {
  constructor(private readonly users: UserStore) {
    super();
  }

  async claims({ subject, claimTypes }: ProfileRequest): Promise<Readonly<Record<string, unknown>>> {
    const user = await this.users.findBySubject(subject);
    return Object.fromEntries(Object.entries(user?.claims ?? {}).filter(([name]) => claimTypes.has(name)));
  }

  async isActive(subject: string): Promise<boolean> {
    return (await this.users.findBySubject(subject))?.enabled === true;
  }

  override async displayName(subject: string): Promise<string | undefined> {
    const user = await this.users.findBySubject(subject);
    return typeof user?.claims.name === 'string' ? user.claims.name : user?.username;
  }
}
