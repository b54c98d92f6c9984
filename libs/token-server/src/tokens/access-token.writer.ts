import { Inject, Injectable } from '@nestjs/common';
import { type Authorization, ProfileService } from '@tessera/grant-types';
import {
  type ApiResource,
  type Client,
  Clock,
  encryptionChoice,
  createHandle,
  familyTag,
  hashHandle,
  randomText,
  ReferenceTokenStore,
  type ScopeMeaning,
} from '@tessera/resource-model';
import { OAuthError, TokenTypes } from '@tessera/protocol';
import { actClaim } from './act-claim.js';
import { authenticationClaims, type Claims, withoutProtocolClaims } from './claims.js';
import { detailsOf } from './granted-details.js';
import { SubjectIdentifiers } from './subject-identifiers.js';
import { TokenEncryption } from './token-encryption.js';
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

/** What of the claims the store looks at. */
type KeptClaims = Claims & { readonly sub: string; readonly exp: number };

/** Writes access tokens: signed (RFC 9068) and perhaps encrypted, or opaque and kept in the store. */
@Injectable()
export class AccessTokenWriter {
  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly keys: KeyRing,
    private readonly encryption: TokenEncryption,
    private readonly referenceTokens: ReferenceTokenStore,
    private readonly profiles: ProfileService,
    private readonly subjects: SubjectIdentifiers,
    private readonly clock: Clock,
  ) {}

  async write(order: AccessTokenOrder): Promise<string> {
    const claims = await this.claimsOf(order);
    if (order.authorization.client.accessTokenType === 'jwt') return this.writeJwt(order, claims);
    const handle = createHandle();
    await this.keep(handle, order, claims);
    return handle;
  }

  private async writeJwt(order: AccessTokenOrder, claims: KeptClaims): Promise<string> {
    const reader = soleReader(order.meaning);
    const jwt = await this.keys.signer(order.meaning.accessTokenAlgorithms).sign(TokenTypes.accessToken, claims);
    if (!reader) return jwt;
    const choice = encryptionChoice(reader.accessTokenEncryptionAlg, reader.accessTokenEncryptionEnc);
    const token = await this.encryption.forResource(reader, jwt, choice, TokenTypes.accessToken);
    // Nobody here can open it: by this it is found again when somebody asks about it or takes it back.
    await this.keep(token, order, claims);
    return token;
  }

  private async keep(token: string, order: AccessTokenOrder, claims: KeptClaims): Promise<void> {
    await this.referenceTokens.add({
      handleHash: hashHandle(token),
      familyId: order.familyId,
      clientId: order.authorization.client.clientId,
      // Not `sub`, which may be a name that nothing but the client knows: by this the token is found when the person takes it back.
      subject: order.authorization.person?.subject ?? claims.sub,
      claims,
      expiresAt: claims.exp,
    });
  }

  /** How long a token that is written now lives, in seconds: as the client's do, and no longer than what it rests on. */
  lifetime({ client, expiresAt }: Authorization): number {
    const { accessTokenLifetime } = client;
    return expiresAt === undefined ? accessTokenLifetime : Math.min(accessTokenLifetime, expiresAt - this.clock.now());
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
    const { client, person, claims, requestedClaims, confirmation, actor, mayAct } = authorization;
    const now = this.clock.now();
    const details = detailsOf(authorization, meaning);
    return {
      ...(client.claims.length > 0 && (!person || client.alwaysSendClientClaims) ? clientClaims(client) : undefined),
      ...without(userClaims, meaning.withheldClaims),
      ...(claims && withoutProtocolClaims(claims)),
      iss: this.options.issuer,
      sub: person ? await this.subjects.of(person.subject, client) : client.clientId,
      aud: this.audience(meaning.audiences),
      client_id: client.clientId,
      scope: meaning.scopes.join(' '),
      ...(details && { authorization_details: details }),
      iat: now,
      exp: now + this.lifetime(authorization),
      ...(confirmation && { cnf: confirmation }),
      ...(client.includeJwtId
        ? { jti: newJwtId(familyId === undefined ? authorization.familyTag : familyTag(familyId)) }
        : undefined),
      ...(person && authenticationClaims(person)),
      ...(actor && { act: await actClaim(actor, client, this.subjects) }),
      ...(mayAct && { may_act: mayAct }),
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

/** The API that the token is encrypted to, if any. What one API alone can read is of no use to another, and none gets it in the clear. */
function soleReader({ encryptedFor: [reader], audiences }: ScopeMeaning): ApiResource | undefined {
  if (!reader || audiences.length === 1) return reader;
  const description = `'${reader.name}' takes encrypted access tokens alone: ask for it by itself, with the parameter resource.`;
  throw new OAuthError('invalid_target', description);
}

/** Of a token that ends with a family it begins with the tag under which the whole family is revoked. */
function newJwtId(tag: string | undefined): string {
  return tag === undefined ? randomText(16) : `${tag}.${randomText(16)}`;
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
