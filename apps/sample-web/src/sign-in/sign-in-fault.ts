import * as openid from 'openid-client';
import { issuerFault } from '../issuer/issuer-fault.js';
import { PageError } from '../pages/page-error.js';

const tryAgain = { href: '/login', label: 'Try again' };

/** What a person did or the issuer found, in words (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6). */
const refusals: Readonly<Record<string, readonly [title: string, text: string]>> = {
  access_denied: [
    'You are not signed in',
    'The sign-in was cancelled, or this application was not given what it asked for.',
  ],
  login_required: ['You are not signed in', 'The sign-in server wants you to sign in there first.'],
  consent_required: ['You are not signed in', 'The sign-in server wants to ask you what this application may see.'],
  interaction_required: ['You are not signed in', 'The sign-in server has a question for you.'],
  account_selection_required: ['You are not signed in', 'The sign-in server wants to know which account you mean.'],
  temporarily_unavailable: [
    'Signing in does not work just now',
    'The sign-in server is busy. Try it again in a moment.',
  ],
  server_error: ['Signing in does not work just now', 'Something went wrong at the sign-in server.'],
};

/** The page for a sign-in that did not come to its end. */
export function signInFault(error: unknown, issuer: string): PageError {
  if (error instanceof openid.AuthorizationResponseError) return refusedBy(issuer, error);
  return issuerFault(error, tryAgain);
}

/** The state is known, so this answer belongs to a sign-in of this browser; its words are shown as what they are. */
function refusedBy(
  server: string,
  { error, error_description: description }: openid.AuthorizationResponseError,
): PageError {
  const [title, text] = refusals[error] ?? ['You are not signed in', 'The sign-in server has refused it.'];
  const isWell = error === 'access_denied';
  return new PageError(isWell ? 403 : 502, title, text, {
    wayOut: tryAgain,
    saidBy: { server, code: error, description },
    ...(!isWell && { cause: new Error(`The issuer answered with an error: ${JSON.stringify(error.slice(0, 60))}`) }),
  });
}
