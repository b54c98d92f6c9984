import { matchesSharedSecret, Secret, sha256 } from '@tessera/resource-model';

/** Compared with where there is no secret, so that it takes as long as where there is one. */
const nobody = new Secret(sha256('no client has this secret'));

/** Whether one of the secrets that have not expired is the presented one. */
export function matchesAny(secrets: readonly Secret[], presented: string | undefined, now: number): boolean {
  const candidates = secrets.filter(({ expiration }) => expiration === undefined || expiration > now);
  if (candidates.length === 0) {
    matchesSharedSecret(nobody, presented ?? '');
    return false;
  }
  return presented !== undefined && candidates.some((secret) => matchesSharedSecret(secret, presented));
}
