import { Injectable, Optional } from '@nestjs/common';
import { RequestedScopes } from '@tessera/grant-types';
import { OAuthError } from '@tessera/protocol';
import { ClientStore, suggestion } from '@tessera/resource-model';
import { checkNames, decodeParameters, type Form } from '../http/decode.js';
import { InteractionPages } from '../interaction/interaction-pages.js';
import { authorizeChecks } from './authorize-checks.js';
import { AuthorizeParams, AuthorizeTargetParams } from './authorize-params.js';
import type { AuthorizeRequest, AuthorizeTarget } from './authorize-request.js';
import { IdentityTokenHints } from './identity-token-hints.js';
import { isRegistered } from './redirect-uri.js';
import { RedirectedError } from './redirected.error.js';
import { wayOfRefusal } from './way-of-refusal.js';

/** Reads authorize requests, fresh ones and those that waited for a person, by the same rules. */
@Injectable()
export class AuthorizeRequests {
  constructor(
    private readonly clients: ClientStore,
    private readonly scopes: RequestedScopes,
    private readonly hints: IdentityTokenHints,
    @Optional() private readonly pages?: InteractionPages,
  ) {}

  /**
   * Client and redirect URI first (RFC 6749 §4.1.2.1); whatever is wrong after that is told to the client.
   * @throws OAuthError for our own error page, RedirectedError for the client
   */
  async read(form: Form): Promise<AuthorizeRequest> {
    const target = await this.target(form);
    try {
      checkNames(form);
      return await this.check(decodeParameters(AuthorizeParams, form), target);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      throw new RedirectedError({ ...target, ...wayOfRefusal(form) }, error);
    }
  }

  private async target(form: Form): Promise<AuthorizeTarget> {
    const { clientId, redirectUri } = decodeParameters(AuthorizeTargetParams, form);
    if (clientId === undefined) throw new OAuthError('invalid_request', "Parameter 'client_id' is missing.");
    const client = await this.clients.find(clientId);
    if (!client?.enabled) throw new OAuthError('invalid_request', `client_id '${clientId}' is not known here.`);
    if (redirectUri === undefined) {
      throw new OAuthError(
        'invalid_request',
        `Parameter 'redirect_uri' is missing; client '${clientId}' must send it.`,
      );
    }
    if (!isRegistered(client, redirectUri)) {
      const near = suggestion(redirectUri, client.redirectUris);
      const problem = `redirect_uri '${redirectUri}' is not registered for client '${clientId}'${near}. It is compared character by character.`;
      throw new OAuthError('invalid_request', problem);
    }
    return { client, redirectUri };
  }

  private async check(params: AuthorizeParams, target: AuthorizeTarget): Promise<AuthorizeRequest> {
    const found: Partial<AuthorizeRequest> = { ...target, state: params.state };
    const context = {
      params,
      client: target.client,
      found,
      scopes: this.scopes,
      hints: this.hints,
      canCreateAccounts: this.pages?.paths.createAccount !== undefined,
    };
    for (const { read } of authorizeChecks) Object.assign(found, await read(context));
    return found as AuthorizeRequest;
  }
}
