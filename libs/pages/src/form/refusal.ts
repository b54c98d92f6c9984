import {
  CsrfError,
  type HttpRequest,
  type InteractionService,
  OAuthError,
  type SignedIn,
  TooManyAttemptsError,
} from '@tessera/token-server';
import type { Notice, Page, Words } from '../rendering/page.js';
import { textOf } from './form-fields.js';

/** Why a form was not acted on: what the page says when it is shown again. */
export interface Refusal extends Pick<Page, 'status' | 'retryAfter'> {
  readonly status: number;
  readonly notice: Notice;
  /** What was written in the fields is wrong, and not the moment or the place. */
  readonly fieldsFaulty?: boolean;
}

/**
 * What was entered is wrong or missing. 400 also for a wrong password: 401 would need a challenge that asks for it in another way
 * (RFC 9110 §15.5.2).
 */
export function faultyFields(key: string): Refusal {
  return { ...refused(400, { key }), fieldsFaulty: true };
}

/** Something is wrong that is not in the fields. */
export function refused(status: number, message: Words): Refusal {
  return { status, notice: { kind: 'error', message } };
}

/**
 * Whether a form may be acted on: it was given to this browser, and to the person who is signed in with it now. Two tabs share a
 * session: what Alice was asked, Bob must not answer.
 */
export function refusalOfForm(
  interactions: InteractionService,
  request: HttpRequest,
  account?: SignedIn,
): Refusal | undefined {
  try {
    interactions.checkCsrf(request);
  } catch (error) {
    if (error instanceof CsrfError) return refused(403, { key: 'common.formTooOld' });
    throw error;
  }
  if (account === undefined || textOf(request.body, 'account') === account.sessionId) return undefined;
  return refused(403, { key: 'common.accountChanged', values: { name: account.name } });
}

/** What the person is told about a failure that passes by itself. @throws any other */
export function passingRefusal(error: unknown): Refusal {
  if (error instanceof TooManyAttemptsError)
    return { ...refused(429, tooMany(error.retryAfter)), retryAfter: error.retryAfter };
  if (error instanceof OAuthError && error.code === 'temporarily_unavailable') {
    return { ...refused(503, { key: 'common.busy' }), retryAfter: 1 };
  }
  throw error;
}

function tooMany(seconds: number): Words {
  if (seconds < 120) return { key: 'common.tooManySeconds', values: { seconds } };
  return { key: 'common.tooManyMinutes', values: { minutes: Math.ceil(seconds / 60) } };
}
