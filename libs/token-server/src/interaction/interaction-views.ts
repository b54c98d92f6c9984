import { Injectable } from '@nestjs/common';
import { ClientStore } from '@tessera/resource-model';
import type { AuthorizeRequest, AuthorizeTarget } from '../authorize/authorize-request.js';
import type { NextStep } from '../authorize/next-step.js';
import { ClientViews } from './client-views.js';
import { PageUrls } from './page-urls.js';
import type { ClientView, ExternalProvider, PendingInteraction } from './views.js';

/** Puts together what pages are shown. */
@Injectable()
export class InteractionViews {
  constructor(
    private readonly clients: ClientStore,
    private readonly clientViews: ClientViews,
    private readonly urls: PageUrls,
  ) {}

  pending(
    id: string,
    request: AuthorizeRequest,
    step: NextStep,
    externalProviders: readonly ExternalProvider[],
  ): PendingInteraction {
    const { client, display, uiLocales, loginHint, contextClasses } = request;
    const { enableLocalLogin: localLogin } = client;
    const wishes = { display, uiLocales, loginHint, contextClasses };
    return { ...this.way(id, request), step, ...wishes, localLogin, externalProviders };
  }

  /** A request to which the answer is certain, whatever the person does: there is only one way to go. */
  over(id: string, target: AuthorizeTarget): PendingInteraction {
    const nothing = { uiLocales: [], contextClasses: [], localLogin: false, externalProviders: [] };
    return { ...this.way(id, target), ...nothing, step: 'proceed', display: 'page' };
  }

  /** The client of that id, if there is one. */
  async client(clientId: string | undefined): Promise<ClientView | undefined> {
    const client = clientId === undefined ? undefined : await this.clients.find(clientId);
    return client?.enabled ? this.clientViews.of(client) : undefined;
  }

  async clientsCalled(clientIds: readonly string[]): Promise<readonly ClientView[]> {
    const found = await Promise.all(clientIds.map((clientId) => this.client(clientId)));
    return found.filter((view) => view !== undefined);
  }

  private way(id: string, { client, redirectUri }: AuthorizeTarget) {
    const resumeUrl = this.urls.resume(id, client.clientId);
    return { id, client: this.clientViews.of(client), resumeUrl, formTargets: [redirectUri] };
  }
}
