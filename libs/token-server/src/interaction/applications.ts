import { Injectable } from '@nestjs/common';
import { ClientStore, RefreshTokenStore } from '@tessera/resource-model';
import { ClientViews } from './client-views.js';
import { ConsentViews } from './consent-views.js';
import { Consents } from './consents.js';
import { standingAccess } from './standing-access.js';
import type { ApplicationView } from './views.js';

/** What a person has allowed applications: consents that are remembered, and access that goes on without them. */
@Injectable()
export class Applications {
  constructor(
    private readonly consents: Consents,
    private readonly refreshTokens: RefreshTokenStore,
    private readonly clients: ClientStore,
    private readonly clientViews: ClientViews,
    private readonly consentViews: ConsentViews,
  ) {}

  async of(subject: string): Promise<readonly ApplicationView[]> {
    const consents = await this.consents.of(subject);
    const tokens = await this.refreshTokens.listBySubject(subject);
    const access = tokens.map(({ clientId, scopes, familyCreatedAt, expiresAt }) => ({
      clientId,
      scopes,
      createdAt: familyCreatedAt,
      expiresAt,
    }));
    const views = standingAccess([...access, ...consents]).map(async ({ clientId, scopes, createdAt, expiresAt }) => {
      const client = await this.clients.find(clientId);
      if (!client) return undefined;
      const words = await this.consentViews.list(scopes);
      return { client: this.clientViews.of(client), scopes: words, allowedAt: createdAt, expiresAt };
    });
    return (await Promise.all(views)).filter((view) => view !== undefined);
  }

  async withdraw(subject: string, clientId: string): Promise<void> {
    const client = await this.clients.find(clientId);
    if (client) await this.consents.withdraw(subject, client);
  }
}
