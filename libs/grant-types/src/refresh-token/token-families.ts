import { Injectable } from '@nestjs/common';
import { ReferenceTokenStore, RefreshTokenStore } from '@tessera/resource-model';

/** All tokens that descend from one sign-in at one client: they end together. */
@Injectable()
export class TokenFamilies {
  constructor(
    private readonly refreshTokens: RefreshTokenStore,
    private readonly referenceTokens: ReferenceTokenStore,
  ) {}

  /** Refresh tokens go first, so that no new token can follow into the family while it ends. */
  async revoke(familyId: string): Promise<void> {
    await this.refreshTokens.removeFamily(familyId);
    await this.referenceTokens.removeFamily(familyId);
  }
}
