import type { Actor } from '@tessera/grant-types';
import type { Client } from '@tessera/resource-model';
import type { Claims } from './claims.js';
import type { SubjectIdentifiers } from './subject-identifiers.js';

/** Who acts by a token, as it says it to the client and the APIs (RFC 8693 §4.1): a person by the name that the client knows. */
export async function actClaim(
  { sub, isPerson, issuer, actor }: Actor,
  client: Client,
  subjects: SubjectIdentifiers,
): Promise<Claims> {
  return {
    sub: isPerson ? await subjects.of(sub, client) : sub,
    ...(issuer !== undefined && { iss: issuer }),
    ...(actor && { act: await actClaim(actor, client, subjects) }),
  };
}

/**
 * Reads `act` back. Whatever else stands in it is left out. `issuer`: another server that wrote it.
 * @throws TypeError where it names nobody
 */
export function actorIn(act: unknown, issuer?: string): Actor | undefined {
  if (act === undefined) return undefined;
  const { sub, iss, act: earlier } = (typeof act === 'object' && act !== null ? act : {}) as Claims;
  if (typeof sub !== 'string' || sub === '') throw new TypeError('act names nobody by sub');
  return { sub, issuer: typeof iss === 'string' ? iss : issuer, actor: actorIn(earlier, issuer) };
}
