import { Inject, Injectable } from '@nestjs/common';
import { ProfileService } from '@tessera/grant-types';
import { TokenTypes } from '@tessera/protocol';
import {
  type Client,
  ClientStore,
  Clock,
  hashHandle,
  ReferenceTokenStore,
  RevokedTokenStore,
} from '@tessera/resource-model';
import { KeyRing } from '../keys/key-ring.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';

/** What a valid access token of this server says (RFC 9068 §2.2). Times are seconds since 1970. */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string | readonly string[];
  readonly client_id: string;
  readonly scope: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti?: string;
  readonly [claim: string]: unknown;
}

/** An access token that this server issued and still stands by. */
export interface ReadAccessToken {
  readonly claims: AccessTokenClaims;
  readonly kind: 'jwt' | 'reference';
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
    private readonly clock: Clock,
  ) {}

  /** The token's content, or undefined for one that is unknown, expired, revoked, or whose client or person is out. */
  async read(token: string): Promise<(ReadAccessToken & { readonly client: Client }) | undefined> {
    const found = await this.recognize(token);
    if (!found) return undefined;
    const client = await this.clients.find(found.claims.client_id);
    if (!client?.enabled) return undefined;
    const isOut = isAboutPerson(found.claims) && !(await this.profiles.isActive(found.claims.sub, client));
    return isOut ? undefined : { ...found, client };
  }

  /** As {@link read}, whoever is out: what revocation takes back must not come to life again when they are back in. */
  async recognize(token: string): Promise<ReadAccessToken | undefined> {
    const found = token.includes('.') ? this.readJwt(token) : await this.readReference(token);
    if (!found || found.claims.exp <= this.clock.now() || found.claims.iss !== this.options.issuer) return undefined;
    const { jti } = found.claims;
    const isRevoked = found.kind === 'jwt' && jti !== undefined && (await this.revokedTokens.has(jti));
    return isRevoked ? undefined : found;
  }

  /**
   * Our own tokens have one of a few headers, made once for each key. The header is compared as a text and never parsed: what
   * a forger writes into it, an algorithm or a key of his own, is never looked at.
   */
  private readJwt(token: string): ReadAccessToken | undefined {
    const [header = '', payload = '', signature = '', ...more] = token.split('.');
    const key = this.keys.verifier(header, TokenTypes.accessToken);
    if (!key || more.length > 0 || !key.verifies(`${header}.${payload}`, signature)) return undefined;
    return { kind: 'jwt', claims: JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as AccessTokenClaims };
  }

  private async readReference(token: string): Promise<ReadAccessToken | undefined> {
    const found = await this.referenceTokens.find(hashHandle(token));
    return found && { kind: 'reference', claims: found.claims as AccessTokenClaims };
  }
}

/** Where a person takes part, the token says when the person signed in. */
export function isAboutPerson(claims: AccessTokenClaims): boolean {
  return claims.auth_time !== undefined;
}
