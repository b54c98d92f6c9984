import { Injectable } from '@nestjs/common';
import type { HttpReply, HttpRequest } from '../http/message.js';
import type { VerifiedPerson } from '@tessera/grant-types';
import { ConsentViews } from './consent-views.js';
import { claimsOf, Consents } from './consents.js';
import { Interactions } from './interactions.js';
import { type Pending, PendingInteractions } from './pending-interactions.js';
import { SignIns } from './sign-ins.js';

/** What a person does about a request that waits. Each answer leads back to the authorize endpoint, which asks again what is missing. */
@Injectable()
export class Answers {
  constructor(
    private readonly pending: PendingInteractions,
    private readonly interactions: Interactions,
    private readonly signIns: SignIns,
    private readonly consents: Consents,
    private readonly consentViews: ConsentViews,
  ) {}

  waiting(http: HttpRequest): Promise<Pending | undefined> {
    return this.pending.find(http);
  }

  checkPassword(http: HttpRequest, username: string, password: string): Promise<VerifiedPerson | undefined> {
    return this.signIns.checkPassword(http, username, password);
  }

  /** The address to go on at; undefined where nothing waits. */
  async signIn(
    http: HttpRequest,
    reply: HttpReply,
    person: VerifiedPerson & { readonly identityProvider?: string },
    remember: boolean,
  ): Promise<string | undefined> {
    const waiting = await this.pending.find(http);
    const session = await this.signIns.begin(http, reply, person, remember);
    if (!waiting) return undefined;
    await this.interactions.answer(waiting.interaction, {
      signedIn: { sessionId: session.id, at: session.authentication.time },
    });
    return waiting.view.resumeUrl;
  }

  async continueAs(http: HttpRequest): Promise<string | undefined> {
    return this.answer(http, async ({ stand, interaction }) => {
      if (stand?.session) await this.interactions.answer(interaction, { chosen: { sessionId: stand.session.id } });
    });
  }

  async allow(http: HttpRequest, chosen: readonly string[], remember: boolean): Promise<string | undefined> {
    return this.answer(http, async ({ stand, interaction }) => {
      if (stand?.step !== 'consent' || !stand.session) return;
      const { request, session } = stand;
      const agreed = { scopes: await this.consentViews.agreed(request.scopes, chosen), claims: claimsOf(request) };
      await this.interactions.answer(interaction, { consent: { sessionId: session.id, ...agreed } });
      if (remember && request.client.allowRememberConsent) {
        await this.consents.remember(session.subject, request.client, agreed);
      }
    });
  }

  async cancel(http: HttpRequest): Promise<string | undefined> {
    return this.answer(http, async ({ interaction }) => {
      await this.interactions.answer(interaction, { cancelled: true });
    });
  }

  private async answer(http: HttpRequest, act: (waiting: Pending) => Promise<void>): Promise<string | undefined> {
    const waiting = await this.pending.find(http);
    if (!waiting) return undefined;
    await act(waiting);
    return waiting.view.resumeUrl;
  }
}
