import { Unreachable } from '../http/outgoing-fetch.js';
import { PageError } from '../pages/page-error.js';
import { SessionEnded } from '../sessions/session-ended.js';
import { ApiRefusal, UnreadableAnswer } from './sample-api.js';

/** Why there is no answer of the API, in words for the page. Throws what the page cannot be shown with: the session has ended, or a bug. */
export function apiFault(error: unknown): string {
  if (error instanceof ApiRefusal) return refusal(error.status);
  if (error instanceof UnreadableAnswer) return 'The sample API answers with something that cannot be read.';
  if (error instanceof Unreachable) return 'The sample API does not answer. Try it again in a moment.';
  if (error instanceof PageError && !(error instanceof SessionEnded)) return `${error.title}. ${error.message}`;
  throw error;
}

function refusal(status: number): string {
  if (status === 400) return 'The sample API does not take this order.';
  if (status === 401) return 'The sample API does not take the access token of this session. Sign in again.';
  if (status === 403) return 'The access token of this session allows less than the sample API asks for.';
  return `The sample API answers with the status ${status}.`;
}
