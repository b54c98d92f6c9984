import { Injectable } from '@nestjs/common';
import type { VerifiedPerson } from '@tessera/grant-types';
import type { HttpReply, HttpRequest } from '../http/message.js';
import { Answers } from './answers.js';
import { Browsers } from './browsers.js';
import { Devices } from './devices.js';
import { OwnAccount } from './own-account.js';
import { parameterOf } from './pending-interactions.js';
import { SignOuts } from './sign-outs.js';
import type {
  ApplicationView,
  BackchannelQuestionView,
  DeviceView,
  LostInteraction,
  PendingInteraction,
  SessionView,
  SignedIn,
  SignOutView,
} from './views.js';

/** A person whose identity has been checked, by a password or by an external provider. */
export interface SignInPerson extends VerifiedPerson {
  /** The id of the external provider. */
  readonly identityProvider?: string;
}

/**
 * The one door between pages and protocol. Every address that it gives is to be answered with 303: it leads to the authorize endpoint, which asks
 * again what is missing, or to a page.
 */
@Injectable()
export class InteractionService {
  constructor(
    private readonly browsers: Browsers,
    private readonly answers: Answers,
    private readonly account: OwnAccount,
    private readonly devices: Devices,
    private readonly signOuts: SignOuts,
  ) {}

  /** For the hidden field `csrf` of every form; a browser that has no cookie yet is given one. */
  csrfToken(request: HttpRequest, reply: HttpReply): string {
    return this.browsers.csrfToken(request, reply);
  }

  /** To be called first in each POST. @throws CsrfError */
  checkCsrf(request: HttpRequest): void {
    this.browsers.checkCsrf(request);
  }

  /** The person signed in with this browser. */
  signedIn(request: HttpRequest): Promise<SignedIn | undefined> {
    return this.account.signedIn(request);
  }

  /**
   * The request that waits, named by the parameter `interaction`; or by `id`, for a page that is reached without that parameter, as a redirect
   * URI at an external provider is. It is found in the browser that began it and in no other.
   */
  async pending(request: HttpRequest, id?: string): Promise<PendingInteraction | LostInteraction> {
    const [waiting, account] = [await this.answers.waiting(request, id), await this.account.signedIn(request)];
    if (waiting) return { ...waiting.view, account };
    return { lost: true, account, client: await this.account.client(parameterOf(request, 'client_id')) };
  }

  /**
   * The person whose user name and password these are; undefined, for whatever reason, where they are nobody's.
   * @throws TooManyAttemptsError with `retryAfter` in seconds; OAuthError `temporarily_unavailable`
   */
  checkPassword(request: HttpRequest, username: string, password: string): Promise<VerifiedPerson | undefined> {
    return this.answers.checkPassword(request, username, password);
  }

  /**
   * Begins a session for a person whose identity has been checked. Gives the address to go on at; undefined where no request waits.
   * `remember`: "keep me signed in". `interaction`: what `pending` gave; none: the one that the parameter `interaction` names, if it does.
   */
  signIn(
    request: HttpRequest,
    reply: HttpReply,
    person: SignInPerson,
    { remember, interaction }: { readonly remember: boolean; readonly interaction?: PendingInteraction },
  ): Promise<string | undefined> {
    return this.answers.signIn(request, reply, person, { remember, id: interaction?.id });
  }

  /** The person goes on as the one who is signed in. */
  async continueAs(request: HttpRequest, { id, resumeUrl }: PendingInteraction): Promise<string> {
    return (await this.answers.continueAs(request, id)) ?? resumeUrl;
  }

  /** The person agrees to these scopes; the required ones are always among them. */
  async allow(
    request: HttpRequest,
    { id, resumeUrl }: PendingInteraction,
    answer: { readonly scopes: readonly string[]; readonly remember: boolean },
  ): Promise<string> {
    return (await this.answers.allow(request, id, answer)) ?? resumeUrl;
  }

  /** The person goes back: the client gets `access_denied`. */
  async cancel(request: HttpRequest, { id, resumeUrl }: PendingInteraction): Promise<string> {
    return (await this.answers.cancel(request, id)) ?? resumeUrl;
  }

  /**
   * The device that shows this code; undefined where none does. Ask when the person has sent the code, not when a page opens: wrong ones are
   * counted. @throws TooManyAttemptsError with `retryAfter` in seconds
   */
  async device(request: HttpRequest, userCode: string): Promise<DeviceView | undefined> {
    return this.devices.find(request, userCode, await this.account.session(request));
  }

  /** Lets the device in. False where nobody is signed in, or the sign-in is too old for the client, or the code is no longer good. */
  async allowDevice(request: HttpRequest, userCode: string, scopes: readonly string[]): Promise<boolean> {
    const session = await this.account.session(request);
    return session !== undefined && this.devices.decide(request, userCode, session, scopes);
  }

  /** Turns the device away. */
  async denyDevice(request: HttpRequest, userCode: string): Promise<boolean> {
    const session = await this.account.session(request);
    return session !== undefined && this.devices.decide(request, userCode, session, undefined);
  }

  /** What clients ask the person from elsewhere (CIBA) and is not answered yet, the latest first. */
  questions(request: HttpRequest): Promise<readonly BackchannelQuestionView[]> {
    return this.account.questions(request);
  }

  /** The one that the link names by `request`; undefined where nothing of that id waits for the person who is signed in. */
  question(request: HttpRequest, id: string): Promise<BackchannelQuestionView | undefined> {
    return this.account.question(request, id);
  }

  /**
   * Lets the client have these scopes, the required ones always among them, and all of the details. False where nobody is signed in, or the sign-in
   * will not do, or nothing of that id waits any longer.
   */
  allowQuestion(request: HttpRequest, id: string, scopes: readonly string[]): Promise<boolean> {
    return this.account.answer(request, id, scopes);
  }

  /** Refuses: the client gets `access_denied`. */
  denyQuestion(request: HttpRequest, id: string): Promise<boolean> {
    return this.account.answer(request, id, undefined);
  }

  /** The sign-out that waits for the person's word. */
  signOutRequest(request: HttpRequest): Promise<SignOutView> {
    return this.signOuts.request(request);
  }

  /** Ends the session of this browser, and tells the clients. Gives the address of the page that says so, or of the client. */
  signOut(request: HttpRequest, reply: HttpReply): Promise<string> {
    return this.signOuts.signOut(request, reply);
  }

  /** The sign-out that has been carried out. */
  signedOut(request: HttpRequest): Promise<SignOutView> {
    return this.signOuts.signedOut(request);
  }

  /** What the person has allowed applications. */
  applications(request: HttpRequest): Promise<readonly ApplicationView[]> {
    return this.account.applications(request);
  }

  /** Takes it back, and the tokens that came of it. */
  withdraw(request: HttpRequest, clientId: string): Promise<void> {
    return this.account.withdraw(request, clientId);
  }

  /** The person's sign-ins, in this browser and others. */
  sessions(request: HttpRequest): Promise<readonly SessionView[]> {
    return this.account.listSessions(request);
  }

  /** Ends one of them; those of others are left alone. */
  endSession(request: HttpRequest, sessionId: string): Promise<void> {
    return this.account.endSession(request, sessionId);
  }
}
