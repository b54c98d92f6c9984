import type { Consent } from '@tessera/resource-model';

/** What a client may have of a person: out of a consent, or out of a refresh token. Times are seconds since 1970. */
export type Access = Pick<Consent, 'clientId' | 'scopes' | 'createdAt' | 'expiresAt'>;

/**
 * One for each client, of all that it has: a consent that is remembered says nothing of tokens given out for more, and of two sign-ins
 * neither is undone by the other.
 */
export function standingAccess(given: readonly Access[]): Access[] {
  const byClient = new Map<string, Access>();
  for (const access of given) {
    const before = byClient.get(access.clientId);
    byClient.set(access.clientId, before ? together(before, access) : access);
  }
  return [...byClient.values()];
}

function together(one: Access, other: Access): Access {
  return {
    clientId: one.clientId,
    scopes: [...new Set([...one.scopes, ...other.scopes])],
    createdAt: Math.min(one.createdAt, other.createdAt),
    expiresAt: latest(one.expiresAt, other.expiresAt),
  };
}

/** Without an end is later than any. */
function latest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : Math.max(one, other);
}
