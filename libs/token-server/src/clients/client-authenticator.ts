import { Injectable } from '@nestjs/common';
import { OAuthError, type TokenEndpointAuthMethod } from '@tessera/protocol';
import { type Client, ClientStore, mayAuthenticateBy } from '@tessera/resource-model';
import type { HttpRequest } from '../http/message.js';
import { note } from '../http/request-notes.js';
import { CredentialReaders, type PresentedCredentials, wayOf } from './presented-credentials.js';

/** Who was found to be calling, and how it proved that. */
export interface AuthenticatedClient {
  readonly client: Client;
  readonly method: TokenEndpointAuthMethod;
}

/** Who is calling (RFC 6749 §2.3, §3.2.1). */
@Injectable()
export class ClientAuthenticator {
  constructor(
    private readonly readers: CredentialReaders,
    private readonly clients: ClientStore,
  ) {}

  /**
   * The client that makes the request. Unknown, disabled, wrong secret, expired secret: all the same `invalid_client`;
   * only the log is told which.
   */
  async authenticate(request: HttpRequest): Promise<Client> {
    return (await this.verify(request, this.readers.read(request))).client;
  }

  /** As {@link authenticate}, for credentials that were read already. */
  async verify(request: HttpRequest, presented: PresentedCredentials): Promise<AuthenticatedClient> {
    note(request, { client: presented.id });
    const client = await this.clients.find(presented.id);
    const way = wayOf(presented, client);
    const barred = bar(client, way.method);
    // Asked even where there is nobody to ask about: an unknown client takes as long as a wrong secret.
    const unproven = way.faultFor(barred === undefined ? client : undefined);
    const fault = barred ?? (unproven instanceof Promise ? await unproven : unproven);
    if (fault !== undefined || !client) {
      throw new OAuthError('invalid_client', 'Client authentication failed.', { cause: fault });
    }
    return { client, method: way.method };
  }
}

/** Why the client may not come this way, whatever it shows. */
function bar(client: Client | undefined, method: TokenEndpointAuthMethod): string | undefined {
  if (!client) return 'unknown client';
  if (!client.enabled) return 'disabled client';
  if (mayAuthenticateBy(client, method)) return undefined;
  const own = client.tokenEndpointAuthMethod;
  return own === undefined
    ? `authenticated by ${method}, for which it has nothing`
    : `authenticated by ${method}, may only by ${own}`;
}
