import { type Client, matchesSharedSecret, Secret, sha256 } from '@tessera/resource-model';

/** Compared with where there is no secret, so that it takes as long as where there is one. */
const nobody = new Secret(sha256('no client has this secret'));

/** Why a presented secret is none of the client's; compared even where there is nobody to compare with. */
export function secretFault(client: Client | undefined, presented: string, now: number): string | undefined {
  const matches = matchesAny(client?.clientSecrets ?? [], presented, now);
  return matches ? undefined : 'no secret matches that has not expired';
}

/** Whether one of the secrets that have not expired is the presented one. */
export function matchesAny(secrets: readonly Secret[], presented: string | undefined, now: number): boolean {
  const candidates = secrets.filter(({ expiration }) => expiration === undefined || expiration > now);
  if (candidates.length === 0) {
    matchesSharedSecret(nobody, presented ?? '');
    return false;
  }
  return presented !== undefined && candidates.some((secret) => matchesSharedSecret(secret, presented));
}
