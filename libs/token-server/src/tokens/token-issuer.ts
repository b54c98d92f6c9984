import { Injectable } from '@nestjs/common';
import type { Authorization } from '@tessera/grant-types';
import { Scopes } from '@tessera/protocol';
import { hashHandle, ReferenceTokenStore, type ResourceCatalogue, ResourceStore } from '@tessera/resource-model';
import { AccessTokenWriter } from './access-token.writer.js';
import { IdentityTokenWriter } from './identity-token.writer.js';
import { RefreshTokenWriter } from './refresh-token.writer.js';
import { unsealTokens } from './sealed-tokens.js';
import type { TokenSet } from './token-set.js';

/** Turns what a grant decided into tokens: the same way for every grant. */
@Injectable()
export class TokenIssuer {
  constructor(
    private readonly resources: ResourceStore,
    private readonly accessTokens: AccessTokenWriter,
    private readonly identityTokens: IdentityTokenWriter,
    private readonly refreshTokens: RefreshTokenWriter,
    private readonly referenceTokens: ReferenceTokenStore,
  ) {}

  async issue(authorization: Authorization): Promise<TokenSet> {
    const { client, refresh } = authorization;
    // The grant let a repetition of an answered request pass: it gets the very same answer.
    if (refresh?.token.rotation) return unsealTokens(refresh.token.rotation.response, refresh.handle);

    const familyId = this.refreshTokens.familyOf(authorization);
    const { tokens, userClaims } = await this.write(authorization, familyId);
    if (familyId === undefined) return tokens;
    if (!refresh) return this.refreshTokens.begin(authorization, familyId, userClaims, tokens);

    const followed = await this.refreshTokens.follow(client, refresh, tokens).catch(async (error: unknown) => {
      await this.discard(authorization, tokens);
      throw error;
    });
    if (followed.accessToken !== tokens.accessToken) await this.discard(authorization, tokens);
    return followed;
  }

  private async write(authorization: Authorization, familyId: string | undefined) {
    const { client, resources } = authorization;
    const catalogue = await this.resources.catalogue();
    const meaning = catalogue.meaningOf(authorization.scopes, resources);
    const scopes = resources ? narrow(catalogue, authorization.scopes, resources) : authorization.scopes;
    const userClaims = await this.accessTokens.userClaims(authorization, meaning);
    const accessToken = await this.accessTokens.write({ authorization, scopes, meaning, userClaims, familyId });
    const identityToken = scopes.includes(Scopes.openid)
      ? await this.identityTokens.write(authorization, meaning, accessToken)
      : undefined;
    return { tokens: { accessToken, expiresIn: client.accessTokenLifetime, scopes, identityToken }, userClaims };
  }

  /** An opaque token that lost its race was never seen by anybody: it must not stay valid. */
  private async discard({ client }: Authorization, { accessToken }: TokenSet): Promise<void> {
    if (client.accessTokenType === 'reference') await this.referenceTokens.remove(hashHandle(accessToken));
  }
}

/** RFC 8707 §2.2: a token for some resources carries no scope of others. */
function narrow(catalogue: ResourceCatalogue, scopes: readonly string[], resources: readonly string[]): string[] {
  return scopes.filter(
    (scope) =>
      !catalogue.isApiScope(scope) || catalogue.resourcesOf([scope]).some(({ name }) => resources.includes(name)),
  );
}
