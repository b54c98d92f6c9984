import { Injectable } from '@nestjs/common';
import { OAuthError } from '@tessera/protocol';
import { ClientStore, suggestion } from '@tessera/resource-model';
import { decodeParameters, type Form } from '../http/decode.js';
import { AuthorizeTargetParams } from './authorize-params.js';
import type { AuthorizeTarget } from './authorize-request.js';
import { isRegistered } from './redirect-uri.js';

/** Who asks, and where the answer goes: before that is beyond doubt nobody is redirected (RFC 6749 §4.1.2.1). */
@Injectable()
export class AuthorizeTargets {
  constructor(private readonly clients: ClientStore) {}

  /** @throws OAuthError `invalid_request` */
  async of(form: Form): Promise<AuthorizeTarget> {
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
}
