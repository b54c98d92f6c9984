import type { AuthenticationLevels, Client, InteractionAnswers, Session } from '@tessera/resource-model';
import type { AuthorizeRequest, Prompt } from './authorize-request.js';

/** What has to happen before a request can be answered. */
export type NextStep = 'signIn' | 'createAccount' | 'chooseAccount' | 'consent' | 'proceed';

/** All that the next step depends on. */
export interface Standing {
  readonly request: AuthorizeRequest;
  /** The sign-in in the browser that asks. */
  readonly session?: Session;
  /** What the person has done about this request so far. */
  readonly answers: InteractionAnswers;
  /** Whether the person has to agree, and has not, remembered or now. */
  readonly needsConsent: boolean;
  readonly levels: AuthenticationLevels;
  /** Seconds since 1970. */
  readonly now: number;
}

/** Who is it, with which account, and does the person agree: in this order, asked again each time. */
export function nextStep(standing: Standing): NextStep {
  const { request, session, answers } = standing;
  const isFresh = session !== undefined && answers.signedIn?.sessionId === session.id;
  if (asks(request, 'create') && !isFresh) return 'createAccount';
  if (session === undefined || !counts(standing, session, isFresh)) return 'signIn';
  const isChosen = isFresh || answers.chosen?.sessionId === session.id;
  if (asks(request, 'select_account') && !isChosen) return 'chooseAccount';
  return standing.needsConsent ? 'consent' : 'proceed';
}

/** Whether the sign-in is one that this request accepts. One made for this very request is recent enough. */
function counts({ request, levels, now }: Standing, session: Session, isFresh: boolean): boolean {
  if (request.subjects.some((subject) => subject !== session.subject)) return false;
  if (!admits(request.client, session)) return false;
  if (isFresh) return true;
  if (asks(request, 'login')) return false;
  if (isTooWeak(request, session, levels)) return false;
  return isRecent(session.authentication.time, request.maxAge, request.client, now);
}

/**
 * Whether another sign-in should be tried for the level asked for (RFC 9470 §5). Without a page nobody can: what was asked for
 * voluntarily is then answered with the level that there is (OpenID Connect Core §5.5.1.1).
 */
function isTooWeak(request: AuthorizeRequest, session: Session, levels: AuthenticationLevels): boolean {
  if (asks(request, 'none') && !request.mustReachContextClass) return false;
  return !reaches(request, session, levels);
}

/** Whether the sign-in reached one of the levels that the request asks for, if it asks for any. */
export function reaches(
  { contextClasses }: Pick<AuthorizeRequest, 'contextClasses'>,
  { authentication }: Session,
  levels: AuthenticationLevels,
) {
  return contextClasses.length === 0 || contextClasses.some((acr) => levels.isReached(acr, authentication.methods));
}

/** Whether a sign-in at that time, made for something else, counts for the client. All in seconds. */
export function isRecent(time: number, maxAge: number | undefined, { userSsoLifetime }: Client, now: number): boolean {
  const age = now - time;
  // OpenID Connect Core §3.1.2.1: max_age=0 asks for a sign-in as prompt=login does.
  if (maxAge !== undefined && (maxAge === 0 || age > maxAge)) return false;
  return userSsoLifetime === undefined || age <= userSsoLifetime;
}

/** Whether people who signed in this way may use the client. */
export function admits(
  { enableLocalLogin, identityProviderRestrictions: providers }: Client,
  { identityProvider }: Session,
) {
  if (identityProvider === undefined) return enableLocalLogin;
  return providers.length === 0 || providers.includes(identityProvider);
}

function asks({ prompts }: AuthorizeRequest, prompt: Prompt): boolean {
  return prompts.has(prompt);
}
