import { Inject, Injectable } from '@nestjs/common';
import { type Client, isRegisteredClientId } from '@tessera/resource-model';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import type { ClientView } from './views.js';

/** Clients as pages show them. */
@Injectable()
export class ClientViews {
  constructor(@Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions) {}

  of(client: Client): ClientView {
    const { clientId, clientName, description, clientUri, logoUri, policyUri, tosUri } = client;
    const homeUrl = this.homeOf(client);
    const name = clientName ?? clientId;
    return { clientId, name, description, clientUri, logoUri, policyUri, tosUri, homeUrl, host: hostOf(client) };
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

/** Of a document at the client's id (draft-ietf-oauth-client-id-metadata-document §8.5), or of the redirect URIs that a client registered. */
function hostOf({ clientId, redirectUris }: Client): string | undefined {
  if (clientId.startsWith('https://') && URL.canParse(clientId)) return new URL(clientId).host;
  if (!isRegisteredClientId(clientId)) return undefined;
  const hosts = redirectUris.filter((uri) => /^https?:/.test(uri)).map((uri) => new URL(uri).host);
  return [...new Set(hosts)].join(', ') || undefined;
}
