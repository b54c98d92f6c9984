import { Unreachable } from '../http/outgoing-fetch.js';
import { PageError, type WayOut } from '../pages/page-error.js';

/** The page for a call to the issuer that did not go well. */
export function issuerFault(error: unknown, wayOut: WayOut = { href: '/', label: 'Try again' }): PageError {
  if (error instanceof PageError) return error;
  if (isUnreachable(error)) {
    const text = 'It may be starting. Try it again in a moment.';
    return new PageError(503, 'The sign-in server does not answer', text, { wayOut, cause: error });
  }
  const text = 'The answer of the sign-in server did not pass the checks of this application.';
  return new PageError(502, 'Something went wrong at the sign-in server', text, { wayOut, cause: error });
}

/** Whether nobody answered. The libraries wrap what the fetch was rejected with. */
function isUnreachable(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof Unreachable) return true;
  return false;
}
