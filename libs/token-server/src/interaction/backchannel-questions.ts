import { Injectable } from '@nestjs/common';
import type { BackchannelAuthentication, BackchannelDecision, Session } from '@tessera/resource-model';
import { Sessions } from '../sessions/sessions.js';
import { BackchannelPings } from './backchannel-pings.js';
import { ClientViews } from './client-views.js';
import { ConsentViews } from './consent-views.js';
import { harmlessText } from './harmless-text.js';
import { QuestionPace } from './question-pace.js';
import type { BackchannelQuestionView } from './views.js';
import { type WaitingQuestion, WaitingQuestions } from './waiting-questions.js';

/** People answer what clients ask them in the back channel (CIBA Core §8): each only what is asked of that person. */
@Injectable()
export class BackchannelQuestions {
  constructor(
    private readonly waiting: WaitingQuestions,
    private readonly sessions: Sessions,
    private readonly consentViews: ConsentViews,
    private readonly clientViews: ClientViews,
    private readonly pings: BackchannelPings,
    private readonly pace: QuestionPace,
  ) {}

  /** All that waits for the person's word, the latest first. */
  async of(session: Session): Promise<readonly BackchannelQuestionView[]> {
    const questions = await this.waiting.of(session.subject);
    return Promise.all(questions.map((question) => this.view(question, session)));
  }

  /** Undefined: there is none, it asks somebody else, was answered, or is over. */
  async find(id: string, session: Session): Promise<BackchannelQuestionView | undefined> {
    const question = await this.waiting.find(id, session.subject);
    return question && this.view(question, session);
  }

  /**
   * Keeps what the person said, and lets the client know that there is an answer.
   * @param allowedScopes those that the person agreed to; undefined: the client is refused
   * @returns false where the question is gone, somebody was faster, the session has ended, or the sign-in does not count for the client
   */
  async decide(id: string, session: Session, allowedScopes: readonly string[] | undefined): Promise<boolean> {
    const question = await this.waiting.find(id, session.subject);
    if (!question) return false;
    if (!allowedScopes) return this.keep(question.asked, { allowed: false });
    if (this.waiting.signInFault(question, session) !== undefined) return false;
    const scopes = await this.consentViews.agreed(question.asked.scopes, allowedScopes);
    // First: of a sign-out that comes in between the client is told, and what is bound to the session ends with it.
    if (!(await this.sessions.join(session, question.asked.clientId))) return false;
    return this.keep(question.asked, { allowed: true, authentication: this.authentication(question, session), scopes });
  }

  private async keep(asked: BackchannelAuthentication, decision: BackchannelDecision): Promise<boolean> {
    const decided = await this.waiting.decide(asked, decision);
    // CIBA Core §10.2: after the answer is kept, for the client comes for it at once; of a refusal it is told as well.
    if (!decided) return false;
    this.pings.notify(decided);
    if (decision.allowed) await this.pace.welcome(decided.subject, decided.clientId);
    return true;
  }

  private authentication({ asked }: WaitingQuestion, session: Session) {
    const contextClass = this.waiting.contextClass(asked, session);
    return { ...session.authentication, contextClass, sessionId: session.id };
  }

  private async view(question: WaitingQuestion, session: Session): Promise<BackchannelQuestionView> {
    const { id, scopes, details, bindingMessage, contextClasses = [], createdAt, expiresAt } = question.asked;
    return {
      id,
      client: this.clientViews.of(question.client),
      // A payment or a sign-in somewhere else is agreed to this one time.
      consent: await this.consentViews.of({ scopes, claims: [], details }, false),
      bindingMessage: bindingMessage === undefined ? undefined : harmlessText(bindingMessage),
      contextClasses,
      askedAt: createdAt,
      expiresAt,
      signInFault: this.waiting.signInFault(question, session),
    };
  }
}
