import { Inject, Injectable } from '@nestjs/common';
import { ProfileService } from '@tessera/grant-types';
import { TokenTypes } from '@tessera/protocol';
import { type Client, encryptionOf, ResourceStore } from '@tessera/resource-model';
import { KeyRing } from '../../keys/key-ring.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../../token-server.options.js';
import type { PersonAccess } from '../../possession/presented-access.js';
import type { AccessTokenClaims } from '../../tokens/access-token.reader.js';
import { withoutProtocolClaims } from '../../tokens/claims.js';
import { TokenEncryption } from '../../tokens/token-encryption.js';

/** What a client is told about a person: as JSON, or signed and encrypted where the client asks for that. */
export interface UserinfoAnswer {
  readonly claims: { readonly sub: string } & Readonly<Record<string, unknown>>;
  readonly jwt?: string;
}

/** The claims that the scopes of an access token open up. */
@Injectable()
export class Userinfo {
  constructor(
    private readonly resources: ResourceStore,
    private readonly profiles: ProfileService,
    private readonly keys: KeyRing,
    private readonly encryption: TokenEncryption,
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** `found`: a token with the scope openid. */
  async answer(found: PersonAccess): Promise<UserinfoAnswer> {
    const scopes = found.claims.scope.split(' ');
    const { identityClaims } = (await this.resources.catalogue()).meaningOf(scopes);
    const claimTypes = new Set([...identityClaims, ...requestedIn(found.claims)]);
    const request = { subject: found.subject, client: found.client, claimTypes };
    const claims = await this.profiles.claims({ ...request, caller: 'userinfo' });
    const body = { ...withoutProtocolClaims(claims), sub: found.claims.sub };
    return { claims: body, jwt: await this.jwt(body, found.client) };
  }

  /** OpenID Connect Registration §2: signed first and then encrypted, where the client asks for both. */
  private async jwt(claims: object, client: Client): Promise<string | undefined> {
    const signed = await this.sign(claims, client);
    const encryption = encryptionOf(client, 'userinfo');
    return encryption ? this.encryption.forClient(client, signed ?? claims, encryption) : signed;
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
