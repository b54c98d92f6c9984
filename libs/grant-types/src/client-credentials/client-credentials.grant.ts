import { Injectable } from '@nestjs/common';
import { GrantTypes, OAuthError, Parameter } from '@tessera/protocol';
import type { Client } from '@tessera/resource-model';
import type { Authorization } from '../authorization.js';
import { longestDetails } from '../detail-list.js';
import type { Grant } from '../grant.js';
import { RequestedScopes } from '../requested-scopes.js';

export class ClientCredentialsParams {
  @Parameter()
  scope?: string;

  @Parameter({ repeatable: true })
  resource: string[] = [];

  @Parameter({ maxLength: longestDetails })
  authorizationDetails?: string;
}

/** A client acts for itself (RFC 6749 §4.4). */
@Injectable()
export class ClientCredentialsGrant implements Grant<ClientCredentialsParams> {
  readonly type = GrantTypes.clientCredentials;
  readonly params = ClientCredentialsParams;

  constructor(private readonly scopes: RequestedScopes) {}

  async authorize(client: Client, params: ClientCredentialsParams): Promise<Authorization> {
    // RFC 6749 §4.4: the grant must only be used by confidential clients.
    if (!client.requireClientSecret) {
      throw new OAuthError('unauthorized_client', 'A public client cannot act for itself: it proves nothing.');
    }
    return { client, ...(await this.scopes.forClient(client, params)) };
  }
}
