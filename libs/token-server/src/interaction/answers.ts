import { Injectable } from '@nestjs/common';
import type { HttpReply, HttpRequest } from '../http/message.js';
import type { VerifiedPerson } from '@tessera/grant-types';
import { ConsentViews } from './consent-views.js';
import { canBeRemembered, claimsOf, Consents } from './consents.js';
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

  /** @param id none: that of the parameter `interaction` */
  waiting(http: HttpRequest, id?: string): Promise<Pending | undefined> {
    return this.pending.find(http, id);
  }

  checkPassword(http: HttpRequest, username: string, password: string): Promise<VerifiedPerson | undefined> {
    return this.signIns.checkPassword(http, username, password);
  }

  /** The address to go on at; undefined where nothing waits. */
  async signIn(
    http: HttpRequest,
    reply: HttpReply,
    person: VerifiedPerson & { readonly identityProvider?: string },
    { remember, id }: { readonly remember: boolean; readonly id?: string },
  ): Promise<string | undefined> {
    const waiting = await this.pending.find(http, id);
    const session = await this.signIns.begin(http, reply, person, remember);
    if (!waiting) return undefined;
    await this.interactions.answer(waiting.interaction, {
      signedIn: { sessionId: session.id, at: session.authentication.time },
    });
    return waiting.view.resumeUrl;
  }

  async continueAs(http: HttpRequest, id: string): Promise<string | undefined> {
    return this.answer(http, id, async ({ stand, interaction }) => {
      if (stand?.session) await this.interactions.answer(interaction, { chosen: { sessionId: stand.session.id } });
    });
  }

  async allow(
    http: HttpRequest,
    id: string,
    { scopes: chosen, remember }: { readonly scopes: readonly string[]; readonly remember: boolean },
  ): Promise<string | undefined> {
    return this.answer(http, id, async ({ stand, interaction }) => {
      if (stand?.step !== 'consent' || !stand.session) return;
      const { request, session } = stand;
      const asked = { scopes: request.scopes, claims: claimsOf(request) };
      const agreed = { ...asked, scopes: await this.consentViews.agreed(request.scopes, chosen) };
      await this.interactions.answer(interaction, { consent: { sessionId: session.id, ...agreed } });
      const answer = { asked, agreed, remember: remember && canBeRemembered(request) };
      await this.consents.note(session.subject, request.client, answer);
    });
  }

  async cancel(http: HttpRequest, id: string): Promise<string | undefined> {
    return this.answer(http, id, async ({ interaction }) => {
      await this.interactions.answer(interaction, { cancelled: true });
    });
  }

  private async answer(
    http: HttpRequest,
    id: string,
    act: (waiting: Pending) => Promise<void>,
  ): Promise<string | undefined> {
    const waiting = await this.pending.find(http, id);
    if (!waiting) return undefined;
    await act(waiting);
    return waiting.view.resumeUrl;
  }
}
