import { Inject, Injectable, Optional } from '@nestjs/common';
import { OAuthError } from '@tessera/protocol';
import { endpointPaths } from '../http/endpoint-paths.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { InteractionPages, type PagePaths } from './interaction-pages.js';

/** Addresses of this server that a browser is sent to: made from the issuer, never from what a request says of itself. */
@Injectable()
export class PageUrls {
  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    @Optional() private readonly pages?: InteractionPages,
  ) {}

  /** @throws OAuthError `interaction_required` where the application has no such page */
  of(page: keyof PagePaths, query: Readonly<Record<string, string>>): string {
    const path = this.pages?.paths[page];
    if (path === undefined) throw new OAuthError('interaction_required', 'This server has no page for people.');
    return this.url(path, query);
  }

  /** Where the authorize endpoint goes on with a request that waited. */
  resume(id: string, clientId: string): string {
    return this.url(`${endpointPaths.authorize}/resume`, { interaction: id, client_id: clientId });
  }

  private url(path: string, query: Readonly<Record<string, string>>): string {
    const search = new URLSearchParams(query).toString();
    return `${this.options.issuer.replace(/\/$/, '')}/${path}${search === '' ? '' : `?${search}`}`;
  }
}
