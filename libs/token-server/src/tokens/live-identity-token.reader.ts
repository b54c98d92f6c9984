import { Injectable } from '@nestjs/common';
import { ProfileService } from '@tessera/grant-types';
import { Clock, grantTag, RevokedTokenStore } from '@tessera/resource-model';
import { IdentityTokenReader, type ReadIdentityToken } from './identity-token.reader.js';

/** Reads id_tokens that still count: where one is used as a token, and not as a hint. */
@Injectable()
export class LiveIdentityTokenReader {
  constructor(
    private readonly identityTokens: IdentityTokenReader,
    private readonly revokedTokens: RevokedTokenStore,
    private readonly profiles: ProfileService,
    private readonly clock: Clock,
  ) {}

  /** Undefined for one that is unknown, expired or taken back, or whose client or person is out. */
  async read(token: string): Promise<ReadIdentityToken | undefined> {
    const found = await this.identityTokens.read(token);
    if (!found || found.claims.exp <= this.clock.now() || !found.client.enabled) return undefined;
    const { client, subject, claims } = found;
    // What the person took back from the client ends its id_tokens, too.
    const iat = typeof claims.iat === 'number' ? claims.iat : undefined;
    if (await this.revokedTokens.has([grantTag(claims.sub, client.clientId)], iat)) return undefined;
    return (await this.profiles.isActive(subject, client)) ? found : undefined;
  }
}
