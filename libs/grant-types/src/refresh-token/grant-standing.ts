import { Injectable } from '@nestjs/common';
import { OAuthError } from '@tessera/protocol';
import type { Client, RefreshToken } from '@tessera/resource-model';
import { ProfileService } from '../profile.service.js';
import { SessionCheck } from '../session-check.js';
import { TokenFamilies } from '../token-families.js';

/** Whether what a refresh token rests on still stands: the person, the sign-in, the family. */
@Injectable()
export class GrantStanding {
  constructor(
    private readonly profiles: ProfileService,
    private readonly sessions: SessionCheck,
    private readonly families: TokenFamilies,
  ) {}

  /** @throws OAuthError `invalid_grant` */
  async check(client: Client, { subject, familyId, authentication }: RefreshToken): Promise<void> {
    // A token that was written while its family was being revoked is still in the store.
    if (await this.families.isRevoked(familyId)) {
      throw new OAuthError('invalid_grant', 'The refresh token is unknown, expired or revoked.');
    }
    if (!(await this.profiles.isActive(subject, client))) {
      throw new OAuthError('invalid_grant', 'The person may no longer use this client.');
    }
    const { sessionId } = authentication;
    if (!client.coordinateLifetimeWithUserSession || sessionId === undefined) return;
    if (!(await this.sessions.isAlive(sessionId))) {
      throw new OAuthError('invalid_grant', 'The session in which the person signed in has ended.');
    }
  }
}
