import { Injectable } from '@nestjs/common';
import { TokenFamilies } from '@tessera/grant-types';
import { OAuthError } from '@tessera/protocol';
import {
  type Client,
  hashHandle,
  ReferenceTokenStore,
  RefreshTokenStore,
  RevokedTokenStore,
} from '@tessera/resource-model';
import { AccessTokenReader } from '../../tokens/access-token.reader.js';

/** Takes tokens back. It never says that it did where it could not. */
@Injectable()
export class Revocation {
  constructor(
    private readonly refreshTokens: RefreshTokenStore,
    private readonly families: TokenFamilies,
    private readonly accessTokens: AccessTokenReader,
    private readonly referenceTokens: ReferenceTokenStore,
    private readonly revokedTokens: RevokedTokenStore,
  ) {}

  /**
   * RFC 7009 §2.1: the hint says where to look first, and no more. §2.2: a token that is unknown, expired or revoked already is
   * as the client wants it.
   * @throws OAuthError `invalid_grant` for another client's token, `unsupported_token_type` for one that cannot be revoked
   */
  async revoke(token: string, hint: string | undefined, client: Client): Promise<void> {
    const tries = [() => this.revokeRefreshToken(token, client), () => this.revokeAccessToken(token, client)];
    for (const revoke of hint === 'access_token' ? tries.reverse() : tries) {
      if (await revoke()) return;
    }
  }

  private async revokeRefreshToken(token: string, client: Client): Promise<boolean> {
    const found = await this.refreshTokens.find(hashHandle(token));
    if (!found) return false;
    checkOwner(found.clientId, client);
    await this.families.revoke(found.familyId, client);
    return true;
  }

  private async revokeAccessToken(token: string, client: Client): Promise<boolean> {
    const found = await this.accessTokens.recognize(token);
    if (!found) return false;
    checkOwner(found.claims.client_id, client);
    if (found.kind === 'reference') {
      await this.referenceTokens.remove(hashHandle(token));
      return true;
    }
    if (found.claims.jti === undefined) {
      // RFC 7009 §2.2.1: without an identifier there is nothing to remember it by.
      throw new OAuthError(
        'unsupported_token_type',
        'The token has no jti, so it cannot be revoked: it ends by itself.',
      );
    }
    await this.revokedTokens.add(found.claims.jti, found.claims.exp);
    return true;
  }
}

/** RFC 7009 §2.1: a token that was issued to another client is refused, and the caller is told. */
function checkOwner(clientId: string, client: Client): void {
  if (clientId !== client.clientId) {
    throw new OAuthError('invalid_grant', 'The token was issued to another client.');
  }
}
