import type { IssuerSettings } from '../options/issuer-settings.js';
import type { AccessTokenClaims, UncheckedClaims } from './access-token-claims.js';
import { AccessTokenError } from './access-token.error.js';
import { claimAt, invalid } from './check-claims.js';
import { deepFreeze } from './deep-freeze.js';
import type { Confirmation, VerifiedAccess } from './verified-access.js';

/** Reads out of checked claims what every request asks for, once. Fails with `claim_invalid` or, for a `cnf` that nobody can check, `token_bound`. */
export function readAccess(
  kind: VerifiedAccess['kind'],
  claims: AccessTokenClaims,
  { issuer, claimPaths }: Pick<IssuerSettings, 'issuer' | 'claimPaths'>,
): VerifiedAccess {
  // Each part once: to freeze the whole in all depth would walk through the claims again.
  return Object.freeze({
    kind,
    claims: deepFreeze(claims),
    issuer,
    subject: claims.sub,
    clientId: claimAt(claims, claimPaths.clientId) as string | undefined,
    scopes: Object.freeze(words(claims, claimPaths.scope, splitWords)),
    roles: Object.freeze(readRoles(claims, claimPaths.roles)),
    confirmation: Object.freeze(readConfirmation(claims.cnf)),
  });
}

/** Of all places where they stand. A role is any text, with spaces too: one text is one role. */
function readRoles(claims: UncheckedClaims, paths: readonly (readonly string[])[]): readonly string[] {
  const read = (path: readonly string[]): readonly string[] =>
    words(claims, path, (role) => (role === '' ? none : [role]));
  return paths.length === 1 ? read(paths[0]!) : [...new Set(paths.flatMap(read))];
}

const none: readonly string[] = Object.freeze([]);

/** RFC 9068 §2.2.3: text with single spaces; some issuers write a list. */
function words(
  claims: UncheckedClaims,
  path: readonly string[],
  read: (text: string) => readonly string[],
): readonly string[] {
  const value = claimAt(claims, path);
  if (value === undefined) return none;
  if (typeof value === 'string') return read(value);
  if (Array.isArray(value) && value.every((word): word is string => typeof word === 'string')) return value;
  throw invalid(path.join('.'), 'text or a list of texts');
}

function splitWords(text: string): readonly string[] {
  const all = text.split(' ');
  return all.includes('') ? all.filter((word) => word !== '') : all;
}

/** RFC 7800 §3: a binding that is not understood is not passed over, or the token would be a bearer token. */
function readConfirmation(cnf: unknown): Confirmation | undefined {
  if (cnf === undefined) return undefined;
  const { jkt, 'x5t#S256': certificate, ...others } = (typeof cnf === 'object' ? (cnf ?? {}) : {}) as UncheckedClaims;
  const named = [jkt, certificate].filter((value) => value !== undefined);
  const isKnown = named.length > 0 && named.every((value) => typeof value === 'string' && value !== '');
  if (!isKnown || Object.keys(others).length > 0) {
    throw new AccessTokenError('token_bound', 'The token is bound to a key (cnf) in a way that this API cannot check.');
  }
  return {
    ...(jkt !== undefined && { jkt: jkt as string }),
    ...(certificate !== undefined && { 'x5t#S256': certificate as string }),
  };
}
