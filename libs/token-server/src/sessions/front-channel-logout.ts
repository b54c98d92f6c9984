import { Inject, Injectable } from '@nestjs/common';
import { ClientStore } from '@tessera/resource-model';
import { withQuery } from '../http/with-query.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';

/** Clients that are told in the person's browser that a session ended (OpenID Connect Front-Channel Logout 1.0). */
@Injectable()
export class FrontChannelLogout {
  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly clients: ClientStore,
  ) {}

  /** What the signed-out page loads in frames (§2). */
  async frames(sessionId: string, clientIds: readonly string[]): Promise<readonly string[]> {
    const found = await Promise.all(clientIds.map((clientId) => this.clients.find(clientId)));
    return found.flatMap((client) => {
      const uri = client?.enabled ? client.frontChannelLogoutUri : undefined;
      if (uri === undefined) return [];
      const isAsked = client!.frontChannelLogoutSessionRequired;
      return [isAsked ? withQuery(uri, { iss: this.options.issuer, sid: sessionId }) : uri];
    });
  }
}
