import { Injectable } from '@nestjs/common';
import type { Authorization } from '@tessera/grant-types';
import { ResourceStore } from '@tessera/resource-model';
import { AccessTokenWriter } from './access-token.writer.js';
import { meaningIn } from './granted-details.js';
import { IdentityTokenWriter } from './identity-token.writer.js';

/** Which tokens go along with an answer of the authorize endpoint, and what they are to vouch for. */
export interface BrowserTokenOrder {
  readonly token: boolean;
  readonly idToken: boolean;
  readonly code?: string;
  readonly state?: string;
}

/** The token parameters of such an answer, by their names on the wire (RFC 6749 §4.2.2, OpenID Connect Core §3.2.2.5). */
export interface BrowserTokens {
  readonly access_token?: string;
  readonly token_type?: string;
  readonly expires_in?: string;
  readonly scope?: string;
  readonly id_token?: string;
}

/** Writes the tokens that reach a client through the person's browser: the implicit and the hybrid flow. Never a refresh token. */
@Injectable()
export class BrowserTokenIssuer {
  constructor(
    private readonly resources: ResourceStore,
    private readonly accessTokens: AccessTokenWriter,
    private readonly identityTokens: IdentityTokenWriter,
  ) {}

  async issue(
    authorization: Authorization,
    { token, idToken, code, state }: BrowserTokenOrder,
  ): Promise<BrowserTokens> {
    const { client, familyId } = authorization;
    const meaning = meaningIn(await this.resources.catalogue(), authorization);
    const userClaims = token ? await this.accessTokens.userClaims(authorization, meaning) : {};
    const accessToken = token
      ? await this.accessTokens.write({ authorization, meaning, userClaims, familyId })
      : undefined;
    return {
      ...(accessToken !== undefined && {
        access_token: accessToken,
        token_type: 'Bearer',
        expires_in: String(client.accessTokenLifetime),
        scope: meaning.scopes.join(' '),
      }),
      id_token: idToken
        ? await this.identityTokens.write({ authorization, meaning, accessToken, code, state })
        : undefined,
    };
  }
}
