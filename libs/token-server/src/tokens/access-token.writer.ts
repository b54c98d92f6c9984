import { Inject, Injectable } from '@nestjs/common';
import { type Authorization, ProfileService } from '@tessera/grant-types';
import { TokenTypes } from '@tessera/protocol';
import {
  type Client,
  Clock,
  createHandle,
  familyTag,
  hashHandle,
  randomText,
  ReferenceTokenStore,
  type ScopeMeaning,
} from '@tessera/resource-model';
import { authenticationClaims, type Claims, withoutProtocolClaims } from './claims.js';
import { SubjectIdentifiers } from './subject-identifiers.js';
import { KeyRing } from '../keys/key-ring.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';

/** An access token to be written. */
export interface AccessTokenOrder {
  readonly authorization: Authorization;
  /** What the scopes come to. */
  readonly meaning: ScopeMeaning;
  /** What is known about the person; the token says what its scopes open up. */
  readonly userClaims: Claims;
  /** The refresh token family it belongs to, if any. */
  readonly familyId?: string;
}

/** Writes access tokens: signed (RFC 9068), or opaque and kept in the store. */
@Injectable()
export class AccessTokenWriter {
  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly keys: KeyRing,
    private readonly referenceTokens: ReferenceTokenStore,
    private readonly profiles: ProfileService,
    private readonly subjects: SubjectIdentifiers,
    private readonly clock: Clock,
  ) {}

  async write(order: AccessTokenOrder): Promise<string> {
    const claims = await this.claimsOf(order);
    if (order.authorization.client.accessTokenType === 'jwt') {
      return this.keys.signer(order.meaning.accessTokenAlgorithms).sign(TokenTypes.accessToken, claims);
    }
    const handle = createHandle();
    await this.referenceTokens.add({
      handleHash: hashHandle(handle),
      familyId: order.familyId,
      clientId: order.authorization.client.clientId,
      // Not `sub`, which may be a name that nothing but the client knows: by this the token is found when the person takes it back.
      subject: order.authorization.person?.subject ?? claims.sub,
      claims,
      expiresAt: claims.exp,
    });
    return handle;
  }

  /** What the person's access token says about the person: as at the first token, or asked anew where the client wants that. */
  async userClaims({ client, person, refresh }: Authorization, meaning: ScopeMeaning): Promise<Claims> {
    if (!person || meaning.accessTokenClaims.size === 0) return {};
    if (refresh && !client.updateAccessTokenClaimsOnRefresh) {
      return refresh.token.accessTokenClaims;
    }
    const request = { subject: person.subject, client, claimTypes: meaning.accessTokenClaims };
    return withoutProtocolClaims(await this.profiles.claims({ ...request, caller: 'access_token' }));
  }

  /** RFC 9068 §2.2. No `nbf`: the clocks of servers differ. */
  private async claimsOf({ authorization, meaning, userClaims, familyId }: AccessTokenOrder) {
    const { client, person, claims, requestedClaims } = authorization;
    const now = this.clock.now();
    return {
      ...(client.claims.length > 0 && (!person || client.alwaysSendClientClaims) ? clientClaims(client) : undefined),
      ...without(userClaims, meaning.withheldClaims),
      ...(claims && withoutProtocolClaims(claims)),
      iss: this.options.issuer,
      sub: person ? await this.subjects.of(person.subject, client) : client.clientId,
      aud: this.audience(meaning.audiences),
      client_id: client.clientId,
      scope: meaning.scopes.join(' '),
      iat: now,
      exp: now + client.accessTokenLifetime,
      ...(client.includeJwtId ? { jti: newJwtId(familyId) } : undefined),
      ...(person && authenticationClaims(person)),
      ...(requestedClaims && requestedClaims.userinfo.length > 0
        ? { userinfo_claims: requestedClaims.userinfo }
        : undefined),
    };
  }

  /** Several resources make an array, one a string; a token for none is for this server's own userinfo endpoint. */
  private audience(audiences: readonly string[]): string | readonly string[] {
    return audiences.length > 1 ? audiences : (audiences[0] ?? this.options.issuer);
  }
}

/** Of a token in a family it begins with the tag under which the whole family is revoked. */
function newJwtId(familyId: string | undefined): string {
  return familyId === undefined ? randomText(16) : `${familyTag(familyId)}.${randomText(16)}`;
}

function without(claims: Claims, withheld: ReadonlySet<string>): Claims {
  const isClean = withheld.size === 0 || !Object.keys(claims).some((name) => withheld.has(name));
  return isClean ? claims : Object.fromEntries(Object.entries(claims).filter(([name]) => !withheld.has(name)));
}

/** A type that the client has several times becomes a list. */
function clientClaims({ claims, clientClaimsPrefix }: Client): Claims {
  const grouped: Record<string, unknown> = {};
  for (const { type } of claims) {
    const values = claims.filter((claim) => claim.type === type).map(({ value }) => value);
    grouped[`${clientClaimsPrefix}${type}`] = values.length > 1 ? values : values[0];
  }
  return withoutProtocolClaims(grouped);
}
