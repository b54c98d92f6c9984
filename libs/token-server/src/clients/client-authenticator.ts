import { Injectable } from '@nestjs/common';
import { OAuthError } from '@tessera/protocol';
import { type Client, ClientStore, Clock } from '@tessera/resource-model';
import type { HttpRequest } from '../http/message.js';
import { note } from '../http/request-notes.js';
import { type Credentials, readCredentials } from './credentials.js';
import { matchesAny } from './secret-match.js';

/** Who is calling (RFC 6749 §2.3, §3.2.1). */
@Injectable()
export class ClientAuthenticator {
  constructor(
    private readonly clients: ClientStore,
    private readonly clock: Clock,
  ) {}

  /**
   * The client that makes the request. Unknown, disabled, wrong secret, expired secret: all the same `invalid_client`;
   * only the log is told which.
   */
  async authenticate(request: HttpRequest): Promise<Client> {
    return this.verify(request, readCredentials(request));
  }

  /** As {@link authenticate}, for credentials that were read already. */
  async verify(request: HttpRequest, credentials: Credentials): Promise<Client> {
    note(request, { client: credentials.id });
    const client = await this.clients.find(credentials.id);
    const fault = this.faultOf(client, credentials);
    if (fault !== undefined || !client) {
      throw new OAuthError('invalid_client', 'Client authentication failed.', { cause: fault });
    }
    return client;
  }

  private faultOf(client: Client | undefined, { secret, method }: Credentials): string | undefined {
    // Compared even where there is nobody to compare with: an unknown client takes as long as a wrong secret.
    const matches = matchesAny(client?.clientSecrets ?? [], secret, this.clock.now());
    if (!client) return 'unknown client';
    if (!client.enabled) return 'disabled client';
    if (client.tokenEndpointAuthMethod !== undefined && client.tokenEndpointAuthMethod !== method) {
      return `authenticated by ${method}, may only by ${client.tokenEndpointAuthMethod}`;
    }
    if (method === 'none') return client.requireClientSecret ? 'no secret was sent' : undefined;
    return matches ? undefined : 'no secret matches that has not expired';
  }
}
