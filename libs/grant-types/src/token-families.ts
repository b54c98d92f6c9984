import { Injectable } from '@nestjs/common';
import {
  type Client,
  Clock,
  familyTag,
  grantTag,
  ReferenceTokenStore,
  RefreshTokenStore,
  RevokedTokenStore,
} from '@tessera/resource-model';

/** Where a client sets no end, a revocation is remembered for ten years. */
const endless = 315_360_000;

/** All tokens that descend from one sign-in at one client: they end together, signed ones included. */
@Injectable()
export class TokenFamilies {
  constructor(
    private readonly refreshTokens: RefreshTokenStore,
    private readonly referenceTokens: ReferenceTokenStore,
    private readonly revokedTokens: RevokedTokenStore,
    private readonly clock: Clock,
  ) {}

  /**
   * The list of revoked tokens goes first: what is being written into the family at this moment is then born revoked. It is remembered for as long as
   * a token of the family may live.
   */
  async revoke(familyId: string, client: Client): Promise<void> {
    await this.revokedTokens.add(familyTag(familyId), this.clock.now() + longestLife(client));
    await this.refreshTokens.removeFamily(familyId);
    await this.referenceTokens.removeFamily(familyId);
  }

  async isRevoked(familyId: string): Promise<boolean> {
    return this.revokedTokens.has([familyTag(familyId)]);
  }

  /** Revokes all tokens that a client has for a person; later ones are good. `sub`: what the client's tokens call the person. */
  async revokeAll(subject: string, client: Client, sub: string): Promise<void> {
    const now = this.clock.now();
    await this.revokedTokens.add(grantTag(sub, client.clientId), now + client.accessTokenLifetime, now);
    const tokens = await this.refreshTokens.listBySubject(subject);
    for (const { clientId, familyId } of tokens) {
      if (clientId === client.clientId) await this.revoke(familyId, client);
    }
    await this.referenceTokens.removeGrants(subject, client.clientId);
  }
}

function longestLife({ allowOfflineAccess, absoluteRefreshTokenLifetime, accessTokenLifetime }: Client): number {
  if (!allowOfflineAccess) return accessTokenLifetime;
  return (absoluteRefreshTokenLifetime || endless) + accessTokenLifetime;
}
