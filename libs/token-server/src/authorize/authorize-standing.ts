import { Inject, Injectable } from '@nestjs/common';
import { OAuthError } from '@tessera/protocol';
import {
  Clock,
  type Interaction,
  type InteractionAnswers,
  type Session,
  StoreUnavailableError,
} from '@tessera/resource-model';
import type { Form } from '../http/decode.js';
import type { HttpRequest } from '../http/message.js';
import { note } from '../http/request-notes.js';
import { Consents } from '../interaction/consents.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { Sessions } from '../sessions/sessions.js';
import type { AuthorizeRequest } from './authorize-request.js';
import { AuthorizeRequests } from './authorize-requests.js';
import { nextStep, type NextStep, reaches } from './next-step.js';
import { RedirectedError } from './redirected.error.js';

/** Where an authorize request stands: what it asks, who is there, what has to happen next. */
export type Stand =
  | { readonly request: AuthorizeRequest; readonly step: Exclude<NextStep, 'proceed'>; readonly session?: Session }
  | { readonly request: AuthorizeRequest; readonly step: 'proceed'; readonly session: Session };

/** Finds out where a request stands, each time from the beginning: nothing that was true a page ago is taken for granted. */
@Injectable()
export class AuthorizeStanding {
  constructor(
    private readonly requests: AuthorizeRequests,
    private readonly sessions: Sessions,
    private readonly consents: Consents,
    private readonly clock: Clock,
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** Of a request as a browser brings it. @throws OAuthError for our own error page, RedirectedError for the client */
  async of(http: HttpRequest, form: Form): Promise<Stand> {
    return this.noted(await this.requests.read(form), http, {});
  }

  /** Of one that waits for a person. @throws as {@link of} */
  async again(http: HttpRequest, interaction: Interaction): Promise<Stand> {
    return this.noted(await this.requests.readKept(interaction), http, interaction.answers);
  }

  private async noted(request: AuthorizeRequest, http: HttpRequest, answers: InteractionAnswers): Promise<Stand> {
    note(http, { client: request.client.clientId });
    return this.stand(request, http, answers).catch((error) => {
      throw failure(request, error);
    });
  }

  private async stand(request: AuthorizeRequest, http: HttpRequest, answers: InteractionAnswers): Promise<Stand> {
    if (answers.cancelled) throw refusal(request, new OAuthError('access_denied', 'The person did not go on.'));
    const session = await this.sessions.current(http, request.client);
    note(http, { subject: session?.subject });
    if (!session && (await this.isTurnedAway(http, answers))) {
      throw refusal(request, new OAuthError('access_denied', 'The person who signed in may not use this client.'));
    }
    if (session && isSomebodyElse(request, session, answers)) {
      throw refusal(request, new OAuthError('login_required', 'Another person than the one asked for signed in.'));
    }
    const { authenticationLevels: levels } = this.options;
    if (session && isMadeFor(answers, session) && request.mustReachContextClass && !reaches(request, session, levels)) {
      const problem = 'The sign-in did not reach the acr that the claims parameter calls essential.';
      throw refusal(request, new OAuthError('unmet_authentication_requirements', problem));
    }
    const needsConsent = session !== undefined && (await this.consents.isMissing(request, session, answers));
    const step = nextStep({ request, session, answers, needsConsent, levels, now: this.clock.now() });
    return { request, session, step } as Stand;
  }

  /**
   * Whether the sign-in that was asked for brought somebody who may not be here, or not use the client: the sign-in page would come again and again.
   * Who is merely signed in already sees it, and may have another account.
   */
  private async isTurnedAway(http: HttpRequest, { signedIn }: InteractionAnswers): Promise<boolean> {
    return signedIn !== undefined && (await this.sessions.alive(http))?.id === signedIn.sessionId;
  }
}

/** OpenID Connect Core §3.1.2.1: when the sign-in that was asked for brought somebody else than the hint names, the client is told. */
function isSomebodyElse({ subjects }: AuthorizeRequest, session: Session, answers: InteractionAnswers): boolean {
  return isMadeFor(answers, session) && subjects.some((subject) => subject !== session.subject);
}

/** Whether the sign-in was made for this very request. */
function isMadeFor({ signedIn }: InteractionAnswers, session: Session): boolean {
  return signedIn?.sessionId === session.id;
}

/** RFC 6749 §4.1.2.1: the client is told of a fault of ours as well; it may wait in a frame, where nobody would see a page. */
export function failure(request: AuthorizeRequest, error: unknown): RedirectedError {
  if (error instanceof RedirectedError) return error;
  if (error instanceof OAuthError) return refusal(request, error);
  if (error instanceof StoreUnavailableError) {
    return refusal(request, new OAuthError('temporarily_unavailable', 'The server cannot answer at this moment.'));
  }
  return refusal(request, new OAuthError('server_error', 'The server failed; its log says why.', { cause: error }));
}

export function refusal(request: AuthorizeRequest, error: OAuthError): RedirectedError {
  return new RedirectedError(request, error);
}
