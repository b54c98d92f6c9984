import { Inject, Injectable } from '@nestjs/common';
import { ProfileService } from '@tessera/grant-types';
import { OAuthError, Scopes, TokenTypes } from '@tessera/protocol';
import { type Client, ResourceStore } from '@tessera/resource-model';
import { KeyRing } from '../../keys/key-ring.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../../token-server.options.js';
import { type AccessTokenClaims, AccessTokenReader } from '../../tokens/access-token.reader.js';
import { withoutProtocolClaims } from '../../tokens/claims.js';

/** What a client is told about a person: as JSON, or signed where the client asks for that. */
export interface UserinfoAnswer {
  readonly claims: { readonly sub: string } & Readonly<Record<string, unknown>>;
  readonly jwt?: string;
}

/** The claims that the scopes of an access token open up. */
@Injectable()
export class Userinfo {
  constructor(
    private readonly tokens: AccessTokenReader,
    private readonly resources: ResourceStore,
    private readonly profiles: ProfileService,
    private readonly keys: KeyRing,
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** @throws OAuthError `invalid_token`, `insufficient_scope` (RFC 6750 §3.1) */
  async answer(token: string): Promise<UserinfoAnswer> {
    const found = await this.tokens.read(token);
    if (!found) {
      throw new OAuthError('invalid_token', 'The access token is unknown, expired or revoked.');
    }
    const scopes = found.claims.scope.split(' ');
    if (!scopes.includes(Scopes.openid) || found.subject === undefined) {
      throw new OAuthError('insufficient_scope', 'The access token was not issued with the scope openid.');
    }
    const { identityClaims } = (await this.resources.catalogue()).meaningOf(scopes);
    const claimTypes = new Set([...identityClaims, ...requestedIn(found.claims)]);
    const request = { subject: found.subject, client: found.client, claimTypes };
    const claims = await this.profiles.claims({ ...request, caller: 'userinfo' });
    const body = { ...withoutProtocolClaims(claims), sub: found.claims.sub };
    return { claims: body, jwt: await this.sign(body, found.client) };
  }

  /** OpenID Connect Core §5.3.2: signed, the answer says who made it and for whom. */
  private async sign(claims: object, { clientId, userinfoSignedResponseAlg }: Client): Promise<string | undefined> {
    if (userinfoSignedResponseAlg === undefined) return undefined;
    const key = this.keys.signer([userinfoSignedResponseAlg]);
    return key.sign(TokenTypes.userinfo, { ...claims, iss: this.options.issuer, aud: clientId });
  }
}

/** The claims that the authorize request asked for one by one (OpenID Connect Core §5.5): the token carries their names. */
function requestedIn({ userinfo_claims: names }: AccessTokenClaims): readonly string[] {
  return Array.isArray(names) ? (names as string[]) : [];
}
