import { Inject, Injectable } from '@nestjs/common';
import { type Authorization, ProfileService } from '@tessera/grant-types';
import { protocolClaims, TokenTypes } from '@tessera/protocol';
import {
  type Client,
  Clock,
  createHandle,
  hashHandle,
  randomText,
  ReferenceTokenStore,
  type ScopeMeaning,
} from '@tessera/resource-model';
import { KeyRing } from '../keys/key-ring.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';

type Claims = Readonly<Record<string, unknown>>;

/** An access token to be written. */
export interface AccessTokenOrder {
  readonly authorization: Authorization;
  /** The scopes that the token carries, and what they come to. */
  readonly scopes: readonly string[];
  readonly meaning: ScopeMeaning;
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
    private readonly clock: Clock,
  ) {}

  async write(order: AccessTokenOrder): Promise<string> {
    const claims = this.claimsOf(order);
    if (order.authorization.client.accessTokenType === 'jwt') {
      return this.keys.signer(order.meaning.accessTokenAlgorithms).sign(TokenTypes.accessToken, claims);
    }
    const handle = createHandle();
    await this.referenceTokens.add({
      handleHash: hashHandle(handle),
      familyId: order.familyId,
      clientId: order.authorization.client.clientId,
      subject: claims.sub,
      claims,
      expiresAt: claims.exp,
    });
    return handle;
  }

  /** What the person's access token says about the person: as at the first token, or asked anew where the client wants that. */
  async userClaims({ client, person, refresh }: Authorization, meaning: ScopeMeaning): Promise<Claims> {
    if (!person || meaning.accessTokenClaims.size === 0) return {};
    if (refresh && !client.updateAccessTokenClaimsOnRefresh) {
      return pick(refresh.token.accessTokenClaims, meaning.accessTokenClaims);
    }
    const request = { subject: person.subject, client, claimTypes: meaning.accessTokenClaims };
    return withoutProtocolClaims(await this.profiles.claims({ ...request, caller: 'access_token' }));
  }

  /** RFC 9068 §2.2. No `nbf`: the clocks of servers differ. */
  private claimsOf({ authorization, scopes, meaning, userClaims }: AccessTokenOrder) {
    const { client, person, claims } = authorization;
    const now = this.clock.now();
    return {
      ...(client.claims.length > 0 && (!person || client.alwaysSendClientClaims) ? clientClaims(client) : undefined),
      ...userClaims,
      ...(claims && withoutProtocolClaims(claims)),
      iss: this.options.issuer,
      sub: person?.subject ?? client.clientId,
      aud: this.audience(meaning.audiences),
      client_id: client.clientId,
      scope: scopes.join(' '),
      iat: now,
      exp: now + client.accessTokenLifetime,
      ...(client.includeJwtId ? { jti: randomText(16) } : undefined),
      ...(person && authenticationClaims(person)),
    };
  }

  /** Several resources make an array, one a string; a token for none is for this server's own userinfo endpoint. */
  private audience(audiences: readonly string[]): string | readonly string[] {
    return audiences.length > 1 ? audiences : (audiences[0] ?? this.options.issuer);
  }
}

/** RFC 9068 §2.2.1, OpenID Connect Core §2: how and when the person signed in. */
export function authenticationClaims({ authentication }: NonNullable<Authorization['person']>): Claims {
  const { time, methods, contextClass, sessionId } = authentication;
  return { auth_time: time, amr: methods, acr: contextClass, sid: sessionId };
}

/** What the server says itself cannot be said by anybody else. */
export function withoutProtocolClaims(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !protocolClaims.has(name)));
}

function pick(claims: Claims, names: ReadonlySet<string>): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => names.has(name)));
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
