import { Inject, Injectable } from '@nestjs/common';
import { ProfileService } from '@tessera/grant-types';
import { TokenTypes } from '@tessera/protocol';
import {
  type AuthorizationDetail,
  type Client,
  ClientStore,
  Clock,
  type Confirmation,
  familyTag,
  familyTagOf,
  grantTag,
  hashHandle,
  ReferenceTokenStore,
  RevokedTokenStore,
} from '@tessera/resource-model';
import { KeyRing } from '../keys/key-ring.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { SubjectIdentifiers } from './subject-identifiers.js';

/** What a valid access token of this server says (RFC 9068 §2.2). Times are seconds since 1970. */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string | readonly string[];
  readonly client_id: string;
  readonly scope: string;
  readonly authorization_details?: readonly AuthorizationDetail[];
  readonly iat: number;
  readonly exp: number;
  readonly jti?: string;
  /** What its holder has to prove (RFC 7800 §3.1). */
  readonly cnf?: Confirmation;
  readonly [claim: string]: unknown;
}

/** An access token that this server issued and still stands by. */
export interface ReadAccessToken {
  readonly claims: AccessTokenClaims;
  readonly kind: 'jwt' | 'reference';
  /** What it is found by on the list of revoked tokens. */
  readonly revocationIds: readonly string[];
  /** The tag of the family that it ends with, if any. */
  readonly familyTag?: string;
}

/** An access token in force, and who stands behind it. */
export interface ValidAccessToken extends ReadAccessToken {
  readonly client: Client;
  /** The person, whatever the client calls them in `sub`; none where the client acts for itself. */
  readonly subject?: string;
}

/** Reads access tokens of this server, signed and opaque ones. */
@Injectable()
export class AccessTokenReader {
  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly keys: KeyRing,
    private readonly referenceTokens: ReferenceTokenStore,
    private readonly revokedTokens: RevokedTokenStore,
    private readonly clients: ClientStore,
    private readonly profiles: ProfileService,
    private readonly subjects: SubjectIdentifiers,
    private readonly clock: Clock,
  ) {}

  /** The token's content, or undefined for one that is unknown, expired, revoked, or whose client or person is out. */
  async read(token: string): Promise<ValidAccessToken | undefined> {
    const found = await this.recognize(token);
    if (!found) return undefined;
    const client = await this.clients.find(found.claims.client_id);
    if (!client?.enabled) return undefined;
    if (!isAboutPerson(found.claims)) return { ...found, client };
    const subject = await this.subjects.subjectOf(found.claims.sub, client);
    const isIn = subject !== undefined && (await this.profiles.isActive(subject, client));
    return isIn ? { ...found, client, subject } : undefined;
  }

  /** As {@link read}, whoever is out: what revocation takes back must not come to life again when they are back in. */
  async recognize(token: string): Promise<ReadAccessToken | undefined> {
    const found = token.includes('.')
      ? (this.readJwt(token) ?? (await this.readEncrypted(token)))
      : await this.readReference(token);
    if (!found || found.claims.exp <= this.clock.now() || found.claims.iss !== this.options.issuer) return undefined;
    const { revocationIds: ids } = found;
    return ids.length > 0 && (await this.revokedTokens.has(ids, found.claims.iat)) ? undefined : found;
  }

  /**
   * Our own tokens have one of a few headers, made once for each key. The header is compared as a text and never parsed: what
   * a forger writes into it, an algorithm or a key of his own, is never looked at.
   */
  private readJwt(token: string): ReadAccessToken | undefined {
    const [header = '', payload = '', signature = '', ...more] = token.split('.');
    const key = this.keys.verifier(header, TokenTypes.accessToken);
    if (!key || more.length > 0 || !key.verifies(`${header}.${payload}`, signature)) return undefined;
    return signed(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as AccessTokenClaims);
  }

  /** RFC 7516 §3.1: five parts. Only its API can open it; what it says was kept when it was written. */
  private async readEncrypted(token: string): Promise<ReadAccessToken | undefined> {
    if (token.split('.').length !== 5) return undefined;
    const found = await this.referenceTokens.find(hashHandle(token));
    return found && signed(found.claims as AccessTokenClaims);
  }

  private async readReference(token: string): Promise<ReadAccessToken | undefined> {
    const found = await this.referenceTokens.find(hashHandle(token));
    if (!found) return undefined;
    const claims = found.claims as AccessTokenClaims;
    // One that came of another token is not kept with that one's family, but says in its `jti` what it ends with.
    const tag = found.familyId === undefined ? familyTagOf(claims.jti ?? '') : familyTag(found.familyId);
    return { kind: 'reference', claims, familyTag: tag, revocationIds: [...present(tag), ...grantOf(claims)] };
  }
}

/** A signed token, encrypted or not, is revoked by its id: APIs that read it themselves know it by that. */
function signed(claims: AccessTokenClaims): ReadAccessToken {
  const { jti } = claims;
  const tag = jti === undefined ? undefined : familyTagOf(jti);
  return { kind: 'jwt', claims, familyTag: tag, revocationIds: [...present(jti), ...present(tag), ...grantOf(claims)] };
}

function present(id: string | undefined): readonly string[] {
  return id === undefined ? [] : [id];
}

/** Where a person takes part, also with all that the client has for that person: this needs no `jti`. */
function grantOf(claims: AccessTokenClaims): readonly string[] {
  return isAboutPerson(claims) ? [grantTag(claims.sub, claims.client_id)] : [];
}

/** Where a person takes part, the token says when the person signed in. */
export function isAboutPerson(claims: AccessTokenClaims): boolean {
  return claims.auth_time !== undefined;
}
