import { Injectable } from '@nestjs/common';
import { OAuthError } from '@tessera/protocol';
import type { Client, RefreshToken } from '@tessera/resource-model';
import { PersonStanding } from '../person-standing.js';
import { TokenFamilies } from '../token-families.js';

/** Whether what a refresh token rests on still stands: the person, the sign-in, the family. */
@Injectable()
export class GrantStanding {
  constructor(
    private readonly people: PersonStanding,
    private readonly families: TokenFamilies,
  ) {}

  /** @throws OAuthError `invalid_grant` */
  async check(client: Client, { subject, familyId, authentication }: RefreshToken): Promise<void> {
    // A token that was written while its family was being revoked is still in the store.
    if (await this.families.isRevoked(familyId)) {
      throw new OAuthError('invalid_grant', 'The refresh token is unknown, expired or revoked.');
    }
    await this.people.check(client, { subject, authentication });
  }
}
