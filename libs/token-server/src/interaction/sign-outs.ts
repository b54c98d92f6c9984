import { Injectable } from '@nestjs/common';
import type { Interaction, InteractionAnswers, Session } from '@tessera/resource-model';
import type { Form } from '../http/decode.js';
import type { HttpReply, HttpRequest } from '../http/message.js';
import { Sessions } from '../sessions/sessions.js';
import { Interactions } from './interactions.js';
import { PageUrls } from './page-urls.js';
import { plainWish, type SignOutRequest, SignOutRequests } from './sign-out-requests.js';
import { SignOutViews } from './sign-out-views.js';
import type { SignOutView } from './views.js';

/** A request that waits in the browser. */
interface Kept {
  readonly id: string;
  readonly interaction: Interaction;
}

/** Signs people out: because a client asks for it (OpenID Connect RP-Initiated Logout 1.0), or because they want to. */
@Injectable()
export class SignOuts {
  constructor(
    private readonly requests: SignOutRequests,
    private readonly interactions: Interactions,
    private readonly sessions: Sessions,
    private readonly urls: PageUrls,
    private readonly views: SignOutViews,
  ) {}

  /** A client sends the person here. Gives where to go next. @throws OAuthError for our own error page */
  async begin(http: HttpRequest, reply: HttpReply, form: Form): Promise<string> {
    const kept = await this.kept(http);
    const request = kept ? await this.requests.readAgain(kept.interaction) : await this.requests.read(form);
    const session = await this.sessions.current(http);
    // A form of another site comes without our cookies (SameSite): who is signed in is seen once the browser asks by itself.
    if (!session && http.method === 'POST') return `?interaction=${await this.keep(http, reply, request)}`;
    // Nobody needs to be asked; but the session of somebody who may not be here at present ends as well.
    if (!session) return this.end(http, reply, request, kept);
    // §2: without a proof the person is asked, since any site can lead a browser here (§6).
    if (!isProven(request, session)) {
      return this.urls.of('signOut', { interaction: kept?.id ?? (await this.keep(http, reply, request)) });
    }
    return this.end(http, reply, request, kept);
  }

  /** For the page that asks. */
  async request(http: HttpRequest): Promise<SignOutView> {
    const kept = await this.kept(http);
    const request = kept ? await this.requests.readAgain(kept.interaction) : plainWish;
    return this.views.asking(request, await this.sessions.current(http), kept?.id);
  }

  /** The person says so; the form was checked before. Gives where to go next. */
  async signOut(http: HttpRequest, reply: HttpReply): Promise<string> {
    const kept = await this.kept(http);
    const request = kept ? await this.requests.readAgain(kept.interaction) : plainWish;
    return this.end(http, reply, request, kept);
  }

  /** For the page that says that it is done. */
  async signedOut(http: HttpRequest): Promise<SignOutView> {
    const kept = await this.kept(http);
    const request = kept ? await this.requests.readAgain(kept.interaction) : plainWish;
    return this.views.done(request, kept?.interaction.answers ?? {}, kept?.id);
  }

  private async end(http: HttpRequest, reply: HttpReply, request: SignOutRequest, kept?: Kept): Promise<string> {
    const ended = await this.sessions.end(http, reply);
    // Sent twice, the second finds the session gone, and what the first has written down.
    const answers = ended
      ? { signedOut: { sessionId: ended.id, clients: ended.clients } }
      : (kept?.interaction.answers ?? {});
    if (ended && kept) await this.interactions.answer(kept.interaction, answers);
    return this.leave(http, reply, request, kept, answers);
  }

  /** Straight back to the client, unless others are to be told in the browser first, or there is no way back. */
  private async leave(
    http: HttpRequest,
    reply: HttpReply,
    request: SignOutRequest,
    kept: Kept | undefined,
    answers: InteractionAnswers,
  ): Promise<string> {
    const frames = await this.views.frames(answers);
    if (frames.length === 0 && request.returnUrl !== undefined) return request.returnUrl;
    return this.urls.of('signedOut', { interaction: kept?.id ?? (await this.keep(http, reply, request, answers)) });
  }

  private async keep(
    http: HttpRequest,
    reply: HttpReply,
    { client, parameters }: SignOutRequest,
    answers: InteractionAnswers = {},
  ): Promise<string> {
    const clientId = client?.clientId ?? '';
    return this.interactions.begin(http, reply, { kind: 'endSession', clientId, parameters, answers });
  }

  private async kept(http: HttpRequest): Promise<Kept | undefined> {
    const id = interactionIn(http.body) ?? interactionIn(http.query);
    const interaction = id === undefined ? undefined : await this.interactions.find(http, id, 'endSession');
    return id !== undefined && interaction ? { id, interaction } : undefined;
  }
}

function interactionIn(form: unknown): string | undefined {
  const id = (form as Form | undefined)?.interaction;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** The client shows an id_token of the session in this browser, or of the same person here. */
function isProven({ hint }: SignOutRequest, session: Session): boolean {
  return hint !== undefined && (hint.sessionId === session.id || hint.subject === session.subject);
}
