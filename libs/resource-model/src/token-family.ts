import { hash } from 'node:crypto';

/**
 * The name of a token family on the list of revoked tokens, and the beginning of the `jti` of each JWT in it: so one entry takes all of them back,
 * and nobody can tell the family from it.
 */
export function familyTag(familyId: string): string {
  return hash('sha256', `family ${familyId}`, 'base64url').slice(0, 22);
}

/** The name, on that same list, of all access tokens that a client has for a person. `sub`: what the tokens call the person. */
export function grantTag(sub: string, clientId: string): string {
  return hash('sha256', `grant ${JSON.stringify([sub, clientId])}`, 'base64url').slice(0, 22);
}

/** The tag at the beginning of a `jti`, if its token belongs to a family. */
export function familyTagOf(jti: string): string | undefined {
  const dot = jti.indexOf('.');
  return dot > 0 ? jti.slice(0, dot) : undefined;
}
