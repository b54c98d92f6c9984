import type { TextAnswer } from '../http/fetch-text.js';
import { deepFreeze } from '../token/deep-freeze.js';
import { IntrospectionFailure } from './introspection-failure.js';

/** What an issuer says about a token: the members of its answer, or false for one that is not active. */
export type Judgement = Readonly<Record<string, unknown>> | false;

/**
 * Answers that have nothing to do with the token that was asked about. 403 and 500 are not among them: a firewall in front of
 * the issuer, or a fault in it, may stumble over one token alone.
 */
const wholeIssuer = new Set([401, 429, 502, 503, 504]);

/** The longest time for which an issuer can keep us from asking, in seconds. */
const longestRetryAfter = 10;

/** Reads an introspection response (RFC 7662 §2.2). Throws an IntrospectionFailure where it is none. */
export function readAnswer(answer: TextAnswer): Judgement {
  if (answer.status !== 200) throw statusFailure(answer);
  const members = parse(answer.body);
  // §2.2: `active` is a Boolean. A text 'false' is truthy, so nothing but true itself counts.
  return members.active === true && deepFreeze(members);
}

function parse(body: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // The parser's own message quotes the text, and with it perhaps the token: it is left out.
    throw new IntrospectionFailure('the answer is not JSON');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new IntrospectionFailure('the answer is not a JSON object');
}

function statusFailure({ status, headers }: TextAnswer): IntrospectionFailure {
  // §2.3: the issuer does not know *us*. It says nothing about the token, which may be good.
  const advice = status === 401 || status === 403 ? ': it does not accept clientId and clientSecret' : '';
  return new IntrospectionFailure(`the answer was ${status}${advice}`, {
    concernsIssuer: wholeIssuer.has(status),
    retryAfter: retryAfter(headers.get('retry-after')),
  });
}

/** Only seconds are read, not dates (RFC 9110 §10.2.3). */
function retryAfter(header: string | null): number | undefined {
  return header && /^\d{1,9}$/.test(header) ? Math.min(Number(header), longestRetryAfter) : undefined;
}
