import { parameter } from '../http/parameter.js';
import { PageError } from '../pages/page-error.js';

/** How a sign-in shall go, as whoever led the person here wants it. */
export interface LoginRequest {
  readonly prompt: string | undefined;
  readonly uiLocales: string | undefined;
  readonly loginHint: string | undefined;
  /** How long ago the person may have entered a password at most, in seconds. */
  readonly maxAge: number | undefined;
  /** Where the person goes afterwards: an address of this application. */
  readonly returnTo: URL;
}

/** All that GET /login reads. */
export const loginParameters = ['prompt', 'ui_locales', 'login_hint', 'max_age', 'iss', 'target_link_uri'] as const;

/** `none` is missing: it makes no sense for a person who has just asked to sign in. */
const prompts = ['login', 'consent', 'select_account', 'create'];

/**
 * Reads the query of GET /login: a sign-in that begins here, or one that the issuer or another site begins (OpenID Connect Core §4).
 * Throws a PageError that names the parameter.
 */
export function readLoginRequest(query: unknown, own: { readonly issuer: string; readonly url: string }): LoginRequest {
  const iss = parameter(query, 'iss');
  // Anything else would be a sign-in at a server of the caller's choice.
  if (iss !== undefined && iss !== own.issuer) throw refused('iss', `People sign in here with ${own.issuer} only.`);
  return {
    prompt: readPrompt(parameter(query, 'prompt')),
    uiLocales: readMatching(
      'ui_locales',
      parameter(query, 'ui_locales'),
      /^[A-Za-z0-9-]{1,35}( [A-Za-z0-9-]{1,35}){0,9}$/,
    ),
    loginHint: readMatching('login_hint', parameter(query, 'login_hint'), /^[^\p{Cc}]{1,320}$/u),
    maxAge: readSeconds('max_age', parameter(query, 'max_age')),
    returnTo: readTarget(parameter(query, 'target_link_uri'), own.url),
  };
}

/** A list with spaces between (OpenID Connect Core §3.1.2.1). */
function readPrompt(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const words = value.split(' ');
  if (words.every((word) => prompts.includes(word)) && new Set(words).size === words.length) return value;
  throw refused('prompt', `It can be ${prompts.join(', ')}.`);
}

function readMatching(name: string, value: string | undefined, pattern: RegExp): string | undefined {
  if (value === undefined || pattern.test(value)) return value;
  throw refused(name, 'It has another form than it should.');
}

function readSeconds(name: string, value: string | undefined): number | undefined {
  const text = readMatching(name, value, /^\d{1,9}$/);
  return text === undefined ? undefined : Number(text);
}

/** Core §4: never an address elsewhere, or this page would lead people wherever a link says. What comes out is always absolute. */
function readTarget(value: string | undefined, ownUrl: string): URL {
  const target = value === undefined || URL.canParse(value, ownUrl) ? new URL(value ?? '/', ownUrl) : undefined;
  if (target?.origin === ownUrl && !target.username && !target.password) return target;
  throw refused('target_link_uri', `It must be an address of ${ownUrl}.`);
}

function refused(name: string, rule: string): PageError {
  return new PageError(400, 'This link to sign in is not a good one', `Its parameter ${name} was refused. ${rule}`, {
    wayOut: { href: '/login', label: 'Sign in without it' },
  });
}
