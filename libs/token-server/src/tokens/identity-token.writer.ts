import { Inject, Injectable } from '@nestjs/common';
import { type Authorization, type Person, ProfileService } from '@tessera/grant-types';
import { TokenTypes } from '@tessera/protocol';
import { Clock, encryptionOf, type ScopeMeaning } from '@tessera/resource-model';
import { KeyRing } from '../keys/key-ring.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { authenticationClaims, type Claims, withoutProtocolClaims } from './claims.js';
import { SubjectIdentifiers } from './subject-identifiers.js';
import { TokenEncryption } from './token-encryption.js';

/** An id_token to be written, and what it is to vouch for. */
export interface IdentityTokenOrder {
  readonly authorization: Authorization;
  /** What the scopes come to. */
  readonly meaning: ScopeMeaning;
  /** What it is handed over with: a hash of each goes in (OpenID Connect Core §3.1.3.6, §3.3.2.11; FAPI 1.0 part 2 §5.1 for `state`). */
  readonly accessToken?: string;
  readonly code?: string;
  readonly state?: string;
}

/** Writes id_tokens: what a client is told about the person's sign-in (OpenID Connect Core §2). */
@Injectable()
export class IdentityTokenWriter {
  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly keys: KeyRing,
    private readonly profiles: ProfileService,
    private readonly subjects: SubjectIdentifiers,
    private readonly encryption: TokenEncryption,
    private readonly clock: Clock,
  ) {}

  async write(order: IdentityTokenOrder): Promise<string | undefined> {
    const { client, person, nonce } = order.authorization;
    if (!person) return undefined;
    const allowed = client.allowedIdentityTokenSigningAlgorithms;
    const key = this.keys.signer(allowed.length > 0 ? allowed : undefined);
    const now = this.clock.now();
    const hashed = (value: string | undefined) => (value === undefined ? undefined : key.halfHash(value));
    const jwt = await key.sign(TokenTypes.idToken, {
      ...(await this.userClaims(order, person)),
      iss: this.options.issuer,
      sub: await this.subjects.of(person.subject, client),
      aud: client.clientId,
      iat: now,
      exp: now + client.identityTokenLifetime,
      nonce,
      ...authenticationClaims(person),
      at_hash: hashed(order.accessToken),
      c_hash: hashed(order.code),
      s_hash: hashed(order.state),
    });
    return this.encryption.forClient(client, jwt, encryptionOf(client, 'idToken'));
  }

  /**
   * The claims of the scopes are for userinfo, unless the client wants them here, or gets no access token to ask with (OpenID Connect Core §5.4);
   * those asked for one by one are where they were asked for (§5.5).
   */
  private async userClaims({ authorization, meaning, ...handed }: IdentityTokenOrder, person: Person): Promise<Claims> {
    const { client, requestedClaims } = authorization;
    const hasNoOther = handed.accessToken === undefined && handed.code === undefined;
    const ofScopes = client.alwaysIncludeUserClaimsInIdToken || hasNoOther ? meaning.identityClaims : [];
    const claimTypes = new Set([...ofScopes, ...(requestedClaims?.idToken ?? [])]);
    if (claimTypes.size === 0) return {};
    const request = { subject: person.subject, client, claimTypes, caller: 'id_token' } as const;
    return withoutProtocolClaims(await this.profiles.claims(request));
  }
}
