import { Injectable } from '@nestjs/common';
import { ProfileService } from '@tessera/grant-types';
import { OAuthError, Scopes } from '@tessera/protocol';
import { ResourceStore } from '@tessera/resource-model';
import { AccessTokenReader, isAboutPerson } from '../../tokens/access-token.reader.js';
import { withoutProtocolClaims } from '../../tokens/claims.js';

/** The claims that the scopes of an access token open up. */
@Injectable()
export class Userinfo {
  constructor(
    private readonly tokens: AccessTokenReader,
    private readonly resources: ResourceStore,
    private readonly profiles: ProfileService,
  ) {}

  /** @throws OAuthError `invalid_token`, `insufficient_scope` (RFC 6750 §3.1) */
  async claims(token: string): Promise<{ readonly sub: string } & Readonly<Record<string, unknown>>> {
    const found = await this.tokens.read(token);
    if (!found) {
      throw new OAuthError('invalid_token', 'The access token is unknown, expired or revoked.');
    }
    const scopes = found.claims.scope.split(' ');
    if (!scopes.includes(Scopes.openid) || !isAboutPerson(found.claims)) {
      throw new OAuthError('insufficient_scope', 'The access token was not issued with the scope openid.');
    }
    const { identityClaims } = (await this.resources.catalogue()).meaningOf(scopes);
    const request = { subject: found.claims.sub, client: found.client, claimTypes: identityClaims };
    const claims = await this.profiles.claims({ ...request, caller: 'userinfo' });
    return { ...withoutProtocolClaims(claims), sub: found.claims.sub };
  }
}
