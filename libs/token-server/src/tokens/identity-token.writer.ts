import { Inject, Injectable } from '@nestjs/common';
import { type Authorization, ProfileService } from '@tessera/grant-types';
import { TokenTypes } from '@tessera/protocol';
import { Clock, type ScopeMeaning } from '@tessera/resource-model';
import { KeyRing } from '../keys/key-ring.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { authenticationClaims, withoutProtocolClaims } from './claims.js';

/** Writes id_tokens: what a client is told about the person's sign-in (OpenID Connect Core §2). */
@Injectable()
export class IdentityTokenWriter {
  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly keys: KeyRing,
    private readonly profiles: ProfileService,
    private readonly clock: Clock,
  ) {}

  async write(
    { client, person }: Authorization,
    meaning: ScopeMeaning,
    accessToken: string,
  ): Promise<string | undefined> {
    if (!person) return undefined;
    const allowed = client.allowedIdentityTokenSigningAlgorithms;
    const key = this.keys.signer(allowed.length > 0 ? allowed : undefined);
    const now = this.clock.now();
    const request = { subject: person.subject, client, claimTypes: meaning.identityClaims };
    const claims = client.alwaysIncludeUserClaimsInIdToken
      ? withoutProtocolClaims(await this.profiles.claims({ ...request, caller: 'id_token' }))
      : undefined;
    return key.sign(TokenTypes.idToken, {
      ...claims,
      iss: this.options.issuer,
      sub: person.subject,
      aud: client.clientId,
      iat: now,
      exp: now + client.identityTokenLifetime,
      ...authenticationClaims(person),
      at_hash: key.halfHash(accessToken),
    });
  }
}
