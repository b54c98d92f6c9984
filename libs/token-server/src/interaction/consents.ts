import { Injectable } from '@nestjs/common';
import { TokenFamilies } from '@tessera/grant-types';
import {
  type Client,
  Clock,
  type Consent,
  ConsentStore,
  type InteractionAnswers,
  ReferenceTokenStore,
  RefreshTokenStore,
  type Session,
} from '@tessera/resource-model';
import type { AuthorizeRequest } from '../authorize/authorize-request.js';

/** What people allow clients, now and for later. */
@Injectable()
export class Consents {
  constructor(
    private readonly store: ConsentStore,
    private readonly refreshTokens: RefreshTokenStore,
    private readonly referenceTokens: ReferenceTokenStore,
    private readonly families: TokenFamilies,
    private readonly clock: Clock,
  ) {}

  /** Whether the person has to be asked, and has not answered yet. */
  async isMissing(request: AuthorizeRequest, session: Session, { consent }: InteractionAnswers): Promise<boolean> {
    if (consent?.sessionId === session.id) return false;
    if (request.prompts.has('consent')) return true;
    if (!request.client.requireConsent) return false;
    const remembered = await this.remembered(session.subject, request.client);
    return !remembered || !covers(remembered, request);
  }

  /** Notes what the person wants to be remembered, beside what was remembered before. */
  async remember(subject: string, client: Client, agreed: Pick<Consent, 'scopes' | 'claims'>): Promise<void> {
    const now = this.clock.now();
    const earlier = await this.remembered(subject, client);
    await this.store.save({
      subject,
      clientId: client.clientId,
      scopes: [...new Set([...(earlier?.scopes ?? []), ...agreed.scopes])],
      claims: [...new Set([...(earlier?.claims ?? []), ...agreed.claims])],
      createdAt: now,
      expiresAt: client.consentLifetime === undefined ? undefined : now + client.consentLifetime,
    });
  }

  /** All that count now. */
  async of(subject: string): Promise<readonly Consent[]> {
    return (await this.store.listBySubject(subject)).filter((consent) => this.counts(consent));
  }

  /** Takes back what a person allowed a client, and the tokens that came of it. */
  async withdraw(subject: string, client: Client): Promise<void> {
    await this.store.remove(subject, client.clientId);
    const tokens = await this.refreshTokens.listBySubject(subject);
    for (const token of tokens.filter(({ clientId }) => clientId === client.clientId)) {
      await this.families.revoke(token.familyId, client);
    }
    await this.referenceTokens.removeGrants(subject, client.clientId);
  }

  private async remembered(subject: string, client: Client): Promise<Consent | undefined> {
    const found = await this.store.find(subject, client.clientId);
    return found && this.counts(found) ? found : undefined;
  }

  private counts({ expiresAt }: Consent): boolean {
    return expiresAt === undefined || expiresAt > this.clock.now();
  }
}

function covers({ scopes, claims }: Consent, request: AuthorizeRequest): boolean {
  return (
    request.scopes.every((scope) => scopes.includes(scope)) && claimsOf(request).every((name) => claims.includes(name))
  );
}

/** The names of all claims that a request asks for one by one. */
export function claimsOf({ requestedClaims }: Pick<AuthorizeRequest, 'requestedClaims'>): string[] {
  return [...new Set([...(requestedClaims?.idToken ?? []), ...(requestedClaims?.userinfo ?? [])])];
}
