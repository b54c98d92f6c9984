import { Injectable } from '@nestjs/common';
import type { Session } from '@tessera/resource-model';
import type { HttpRequest } from '../http/message.js';
import { Sessions } from '../sessions/sessions.js';
import { Applications } from './applications.js';
import { BackchannelQuestions } from './backchannel-questions.js';
import { InteractionViews } from './interaction-views.js';
import { People } from './people.js';
import type { ApplicationView, BackchannelQuestionView, ClientView, SessionView, SignedIn } from './views.js';

/** What the person who is signed in may see and do about the own account: nothing of anybody else's. */
@Injectable()
export class OwnAccount {
  constructor(
    private readonly sessions: Sessions,
    private readonly people: People,
    private readonly appsAllowed: Applications,
    private readonly asked: BackchannelQuestions,
    private readonly views: InteractionViews,
  ) {}

  session(http: HttpRequest): Promise<Session | undefined> {
    return this.sessions.current(http);
  }

  async signedIn(http: HttpRequest): Promise<SignedIn | undefined> {
    return this.people.signedIn(http);
  }

  async client(clientId: string | undefined): Promise<ClientView | undefined> {
    return this.views.client(clientId);
  }

  async applications(http: HttpRequest): Promise<readonly ApplicationView[]> {
    const session = await this.session(http);
    return session ? this.appsAllowed.of(session.subject) : [];
  }

  async withdraw(http: HttpRequest, clientId: string): Promise<void> {
    const session = await this.session(http);
    if (session) await this.appsAllowed.withdraw(session.subject, clientId);
  }

  async questions(http: HttpRequest): Promise<readonly BackchannelQuestionView[]> {
    const session = await this.session(http);
    return session ? this.asked.of(session) : [];
  }

  async question(http: HttpRequest, id: string): Promise<BackchannelQuestionView | undefined> {
    const session = await this.session(http);
    return session && this.asked.find(id, session);
  }

  /** @param allowedScopes undefined: the client is refused */
  async answer(http: HttpRequest, id: string, allowedScopes: readonly string[] | undefined): Promise<boolean> {
    const session = await this.session(http);
    return session !== undefined && this.asked.decide(id, session, allowedScopes);
  }

  async listSessions(http: HttpRequest): Promise<readonly SessionView[]> {
    const session = await this.session(http);
    const all = session ? await this.people.sessionsOf(session.subject) : [];
    return Promise.all(all.map((one) => this.view(one, one.id === session?.id)));
  }

  async endSession(http: HttpRequest, sessionId: string): Promise<void> {
    const session = await this.session(http);
    if (session) await this.people.endSession(session.subject, sessionId);
  }

  private async view(session: Session, isThisOne: boolean): Promise<SessionView> {
    const { id, userAgent, authentication, lastSeenAt, expiresAt, clients } = session;
    return {
      sessionId: id,
      isThisOne,
      userAgent,
      signedInAt: authentication.time,
      lastSeenAt,
      expiresAt,
      clients: await this.views.clientsCalled(clients),
    };
  }
}
