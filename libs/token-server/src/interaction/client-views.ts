import { Inject, Injectable } from '@nestjs/common';
import type { Client } from '@tessera/resource-model';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import type { ClientView } from './views.js';

/** Clients as pages show them. */
@Injectable()
export class ClientViews {
  constructor(@Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions) {}

  of(client: Client): ClientView {
    const { clientId, clientName, description, clientUri, logoUri, policyUri, tosUri } = client;
    const homeUrl = this.homeOf(client);
    return { clientId, name: clientName ?? clientId, description, clientUri, logoUri, policyUri, tosUri, homeUrl };
  }

  /** Only what the client registered: where it begins a sign-in, its home page, or the site that it listens at. */
  private homeOf({ initiateLoginUri, clientUri, redirectUris }: Client): string | undefined {
    if (initiateLoginUri !== undefined) {
      const url = new URL(initiateLoginUri);
      url.searchParams.set('iss', this.options.issuer);
      return url.href;
    }
    const site = redirectUris.find((uri) => uri.startsWith('https:'));
    return clientUri ?? (site === undefined ? undefined : `${new URL(site).origin}/`);
  }
}
