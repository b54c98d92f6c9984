import { Injectable } from '@nestjs/common';
import type { Authorization } from '@tessera/grant-types';
import { Scopes } from '@tessera/protocol';
import {
  hashHandle,
  ReferenceTokenStore,
  type ResourceCatalogue,
  ResourceStore,
  type ScopeMeaning,
  typesOf,
} from '@tessera/resource-model';
import { AccessTokenWriter } from './access-token.writer.js';
import { detailsOf, meaningIn } from './granted-details.js';
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
    const { refresh } = authorization;
    // The grant let a repetition of an answered request pass: it gets the very same answer.
    if (refresh?.answer !== undefined) return unsealTokens(refresh.answer, refresh.handle);

    const familyId = this.refreshTokens.familyOf(authorization);
    const { tokens, userClaims } = await this.write(authorization, familyId);
    if (familyId === undefined || !(refresh || this.refreshTokens.isDue(authorization))) return tokens;
    if (!refresh) return this.refreshTokens.begin(authorization, familyId, userClaims, tokens);

    const followed = await this.refreshTokens.follow(authorization, refresh, tokens).catch(async (error: unknown) => {
      await this.discard(authorization, tokens);
      throw error;
    });
    if (followed.accessToken !== tokens.accessToken) await this.discard(authorization, tokens);
    return followed;
  }

  private async write(authorization: Authorization, familyId: string | undefined) {
    const { refresh } = authorization;
    const catalogue = await this.resources.catalogue();
    const meaning = meaningIn(catalogue, authorization);
    // What a family begins with is remembered for all that its refreshes may reach, not for the first token alone.
    const beginsFamily = familyId !== undefined && !refresh && this.refreshTokens.isDue(authorization);
    const reachable = beginsFamily ? reach(catalogue, authorization) : meaning;
    const userClaims = await this.accessTokens.userClaims(authorization, reachable);
    const accessToken = await this.accessTokens.write({ authorization, meaning, userClaims, familyId });
    const identityToken = meaning.scopes.includes(Scopes.openid)
      ? await this.identityTokens.write({ authorization, meaning, accessToken })
      : undefined;
    const tokens: TokenSet = {
      accessToken,
      tokenType: authorization.confirmation?.jkt === undefined ? undefined : 'DPoP',
      expiresIn: this.accessTokens.lifetime(authorization),
      scopes: meaning.scopes,
      details: detailsOf(authorization, meaning),
      identityToken,
      issuedTokenType: authorization.issuedTokenType,
    };
    return { tokens, userClaims };
  }

  /** An opaque token that lost its race was never seen by anybody: it must not stay valid. */
  private async discard({ client }: Authorization, { accessToken }: TokenSet): Promise<void> {
    if (client.accessTokenType === 'reference') await this.referenceTokens.remove(hashHandle(accessToken));
  }
}

/** All that a grant covers: the resources it names, or, where it names none, those that insist on being named as well. */
function reach(catalogue: ResourceCatalogue, authorization: Authorization): ScopeMeaning {
  const { scopes, resources, details } = authorization.refreshable ?? authorization;
  const named = resources ?? catalogue.resourcesOf(scopes, typesOf(details)).map(({ name }) => name);
  return catalogue.meaningOf(scopes, named, typesOf(details));
}
