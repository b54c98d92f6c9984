import { Injectable } from '@nestjs/common';
import { type Authorization, type Refresh, ReuseDetection } from '@tessera/grant-types';
import { OAuthError, Scopes } from '@tessera/protocol';
import {
  type Client,
  Clock,
  type Confirmation,
  createHandle,
  hashHandle,
  type RefreshToken,
  RefreshTokenStore,
} from '@tessera/resource-model';
import type { Claims } from './claims.js';
import { sealTokens, unsealTokens } from './sealed-tokens.js';
import type { TokenSet } from './token-set.js';

/** Gives refresh tokens and follows their rotation. */
@Injectable()
export class RefreshTokenWriter {
  constructor(
    private readonly refreshTokens: RefreshTokenStore,
    private readonly reuseDetection: ReuseDetection,
    private readonly clock: Clock,
  ) {}

  /** The family that the tokens of an authorization belong to: a presented one's, a code's, a new one, or none. */
  familyOf(authorization: Authorization): string | undefined {
    const known = authorization.refresh?.token.familyId ?? authorization.familyId;
    return known ?? (this.isDue(authorization) ? createHandle() : undefined);
  }

  /** Whether an authorization gives a refresh token. */
  isDue({ client, person, scopes, actor, expiresAt }: Authorization): boolean {
    // What somebody does for the person, or may do for a while, is not renewed without end.
    if (!person || actor || expiresAt !== undefined) return false;
    return client.allowOfflineAccess && scopes.includes(Scopes.offlineAccess);
  }

  /** Begins a family. */
  async begin(
    authorization: Authorization,
    familyId: string,
    accessTokenClaims: Claims,
    tokens: TokenSet,
  ): Promise<TokenSet> {
    const { client, person } = authorization;
    if (!person) return tokens;
    const { scopes, resources, details } = authorization.refreshable ?? authorization;
    const handle = createHandle();
    const now = this.clock.now();
    await this.refreshTokens.add({
      handleHash: hashHandle(handle),
      familyId,
      clientId: client.clientId,
      subject: person.subject,
      authentication: person.authentication,
      scopes,
      resources,
      details,
      accessTokenClaims,
      requestedClaims: authorization.requestedClaims,
      grantClaims: grantClaimsOf(authorization),
      confirmation: bindingOf(client, authorization.confirmation),
      familyCreatedAt: now,
      createdAt: now,
      expiresAt: expiry(client, now, now),
    });
    return { ...tokens, refreshToken: handle };
  }

  /**
   * Continues a family: the presented token is used up for these tokens, or stays where the client may use it again.
   * Of several requests at once one rotates; the others, if they repeat it, are given its tokens and not their own.
   */
  async follow({ client, confirmation }: Authorization, refresh: Refresh, tokens: TokenSet): Promise<TokenSet> {
    const { handle, token, fingerprint } = refresh;
    const now = this.clock.now();
    if (client.refreshTokenUsage === 'reUse') return this.reuse(client, handle, token, tokens);
    const successor = createHandle();
    const complete = { ...tokens, refreshToken: successor };
    const rotation = {
      at: now,
      keptUntil: keptUntil(client, token.familyCreatedAt, now),
      request: fingerprint,
      responseUntil: now + client.refreshTokenGrace,
      response: client.refreshTokenGrace > 0 ? sealTokens(complete, handle) : undefined,
    };
    const outcome = await this.refreshTokens.rotate(token.handleHash, rotation, {
      ...token,
      confirmation: token.confirmation ?? bindingOf(client, confirmation),
      handleHash: hashHandle(successor),
      createdAt: now,
      expiresAt: expiry(client, token.familyCreatedAt, now),
    });
    if (outcome.rotated) return complete;
    const answer = outcome.current && (await this.reuseDetection.check(client, outcome.current, fingerprint));
    if (answer !== undefined) return unsealTokens(answer, handle);
    throw new OAuthError('invalid_grant', 'The refresh token was revoked by another request at the same time.');
  }

  /** Asks the store even where nothing moves: the token may have been revoked since it was found. */
  private async reuse(client: Client, handle: string, token: RefreshToken, tokens: TokenSet): Promise<TokenSet> {
    const slides = client.refreshTokenExpiration === 'sliding';
    const expiresAt = slides ? expiry(client, token.familyCreatedAt, this.clock.now()) : token.expiresAt;
    if (await this.refreshTokens.touch(token.handleHash, expiresAt)) return { ...tokens, refreshToken: handle };
    throw new OAuthError('invalid_grant', 'The refresh token was revoked by another request at the same time.');
  }
}

/** RFC 9449 §5: a client that can prove who it is needs no key for that, and may change the one it has. Any other is known by its key alone. */
function bindingOf(client: Client, confirmation: Confirmation | undefined): Confirmation | undefined {
  return client.requireClientSecret ? undefined : confirmation;
}

/** Who may act for the person is not among the claims that a grant adds, but stays with the family as they do. */
function grantClaimsOf({ claims, mayAct }: Authorization): Claims | undefined {
  return mayAct ? { ...claims, may_act: mayAct } : claims;
}

/** When a token used now ends; none where the client sets no end at all. */
function expiry(client: Client, familyCreatedAt: number, now: number): number | undefined {
  const absolute =
    client.absoluteRefreshTokenLifetime === 0 ? undefined : familyCreatedAt + client.absoluteRefreshTokenLifetime;
  if (client.refreshTokenExpiration === 'absolute') return absolute;
  const sliding = now + client.slidingRefreshTokenLifetime;
  return absolute === undefined ? sliding : Math.min(sliding, absolute);
}

/** As long as the family can live; where it has no end, as long as an unused token slides, and at least two weeks. */
function keptUntil(client: Client, familyCreatedAt: number, now: number): number {
  return client.absoluteRefreshTokenLifetime > 0
    ? familyCreatedAt + client.absoluteRefreshTokenLifetime
    : now + Math.max(client.slidingRefreshTokenLifetime, 1_209_600);
}
