import { Injectable } from '@nestjs/common';
import { OAuthError, type OAuthErrorCode } from '@tessera/protocol';
import type { Interaction, InteractionAnswers } from '@tessera/resource-model';
import type { Form } from '../http/decode.js';
import type { HttpReply, HttpRequest } from '../http/message.js';
import { Interactions } from '../interaction/interactions.js';
import { PageUrls } from '../interaction/page-urls.js';
import { Sessions } from '../sessions/sessions.js';
import type { AuthorizeRequest } from './authorize-request.js';
import { AuthorizeResponder } from './authorize-responder.js';
import type { AuthorizeResponse } from './authorize-responses.js';
import { AuthorizeStanding, failure, refusal, type Stand } from './authorize-standing.js';
import type { NextStep } from './next-step.js';

/** What comes of an authorize request now: an answer for the client, or a page for the person. */
export type AuthorizeOutcome = AuthorizeResponse | { readonly pageUrl: string };

/** What prompt=none is answered in the place of each page (OpenID Connect Core §3.1.2.6). */
const withoutPage: Readonly<Record<Exclude<NextStep, 'proceed'>, OAuthErrorCode>> = {
  signIn: 'login_required',
  createAccount: 'interaction_required',
  chooseAccount: 'account_selection_required',
  consent: 'consent_required',
};

/** The way of an authorize request: where it stands, a page for what is missing, an answer when nothing is. */
@Injectable()
export class AuthorizeFlow {
  constructor(
    private readonly standing: AuthorizeStanding,
    private readonly interactions: Interactions,
    private readonly sessions: Sessions,
    private readonly responder: AuthorizeResponder,
    private readonly urls: PageUrls,
  ) {}

  /** @throws OAuthError for our own error page, RedirectedError for the client */
  async begin(http: HttpRequest, reply: HttpReply, form: Form): Promise<AuthorizeOutcome> {
    const stand = await this.standing.of(http, form);
    return this.answer(stand, http, reply).catch((error) => {
      throw failure(stand.request, error);
    });
  }

  private async answer(stand: Stand, http: HttpRequest, reply: HttpReply): Promise<AuthorizeOutcome> {
    if (!stand.session) await this.sessions.forgetEnded(http, reply);
    if (stand.step === 'proceed' && (await this.sessions.join(stand.session, stand.request.client.clientId))) {
      return this.responder.respond(stand.request, stand.session, stand.request.scopes);
    }
    const { request } = stand;
    const page = stand.step === 'proceed' ? 'signIn' : stand.step;
    if (request.prompts.has('none')) {
      throw refusal(request, new OAuthError(withoutPage[page], 'A page would be needed, and prompt=none allows none.'));
    }
    const { clientId } = request.client;
    const url = this.pageFor(request, page);
    const id = await this.interactions.begin(http, reply, { kind: 'authorize', clientId, ...request.kept });
    return { pageUrl: url(id) };
  }

  /** Goes on where a page left off. */
  async resume(http: HttpRequest, id: string, clientId: string): Promise<AuthorizeOutcome> {
    const interaction = await this.interactions.find(http, id, 'authorize');
    if (!interaction) return this.lost(id, clientId);
    const stand = await this.standing.again(http, interaction).catch(async (error) => {
      await this.interactions.finish(interaction);
      throw error;
    });
    if (stand.step !== 'proceed') return { pageUrl: this.pageFor(stand.request, stand.step)(id) };
    const outcome = await this.finish(interaction, stand).catch((error) => {
      throw failure(stand.request, error);
    });
    return outcome ?? this.lost(id, stand.request.client.clientId);
  }

  /** The sign-in page tells the person what happened, and shows the way to the application. */
  private lost(id: string, clientId: string): AuthorizeOutcome {
    return { pageUrl: this.urls.of('signIn', { interaction: id, client_id: clientId }) };
  }

  /** Undefined where the interaction or the session has ended at the same moment. */
  private async finish(
    interaction: Interaction,
    { request, session }: Stand & { readonly step: 'proceed' },
  ): Promise<AuthorizeOutcome | undefined> {
    const isFirst = await this.interactions.finish(interaction);
    if (!isFirst || !(await this.sessions.join(session, request.client.clientId))) return undefined;
    const scopes = agreed(request, interaction.answers, session.id);
    if (scopes.length === 0 && !request.details)
      throw refusal(request, new OAuthError('access_denied', 'The person agreed to nothing.'));
    return this.responder.respond(request, session, scopes);
  }

  private pageFor(request: AuthorizeRequest, page: Exclude<NextStep, 'proceed'>): (id: string) => string {
    const { clientId } = request.client;
    try {
      this.urls.of(page, {});
    } catch (error) {
      throw failure(request, error);
    }
    return (id) => this.urls.of(page, { interaction: id, client_id: clientId });
  }
}

/** What the person agreed to on the page, of what the request asks for now. */
function agreed({ scopes }: AuthorizeRequest, { consent }: InteractionAnswers, sessionId: string): readonly string[] {
  if (consent?.sessionId !== sessionId) return scopes;
  return scopes.filter((scope) => consent.scopes.includes(scope));
}
