import { OAuthError } from '@tessera/protocol';
import type { AuthorizationDetail } from '@tessera/resource-model';

/** The longest `authorization_details` that is read, in characters. */
export const longestDetails = 16_384;

/** More elements than a person could read. */
const mostDetails = 20;

/** How deep objects and lists may lie in one another. */
const greatestDepth = 8;

/** Names that would reach into objects if anybody ever copied them without care. */
const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * RFC 9396 §2: a JSON array of objects, each with a `type`. An empty one counts as absent. Whoever reads the parameter limits its length to {@link longestDetails}.
 * @throws OAuthError `invalid_authorization_details`
 */
export function parseDetails(json: string | undefined): AuthorizationDetail[] | undefined {
  if (json === undefined) return undefined;
  const details = parsed(json);
  if (!Array.isArray(details)) throw refused('must be a JSON array of objects (RFC 9396 §2).');
  if (details.length > mostDetails) throw refused(`has ${details.length} elements; at most ${mostDetails} are read.`);
  details.forEach((detail: unknown, index) => {
    if (!isDetail(detail)) throw refused(`[${index}] must be an object whose 'type' is text (RFC 9396 §2).`);
    checkNames(detail, index, 1);
  });
  return details.length > 0 ? (details as AuthorizationDetail[]) : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw refused('is no JSON (RFC 9396 §2).');
  }
}

function isDetail(value: unknown): value is AuthorizationDetail {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    typeof Reflect.get(value, 'type') === 'string'
  );
}

/** Longer texts are refused: a person has to read all of it, and none is cut. */
const longestText = 1000;

function checkNames(value: unknown, index: number, depth: number): void {
  if (typeof value === 'string' && value.length > longestText) {
    throw refused(`[${index}] has a text of ${value.length} characters; at most ${longestText} are read.`);
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth > greatestDepth) throw refused(`[${index}] is nested deeper than ${greatestDepth} levels.`);
  for (const [name, member] of Object.entries(value)) {
    // With a dot in a name one member could pass for a member of another, where a person is shown the way to it.
    if (forbidden.has(name) || name.includes('.'))
      throw refused(`[${index}] has a member '${name}', which is not allowed.`);
    checkNames(member, index, depth + 1);
  }
}

export function refused(problem: string): OAuthError {
  return new OAuthError(
    'invalid_authorization_details',
    `authorization_details${problem.startsWith('[') ? '' : ' '}${problem}`,
  );
}
