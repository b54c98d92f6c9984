import { availableParallelism } from 'node:os';
import { type Algorithm, hash, verify } from '@node-rs/argon2';
import { OAuthError } from '@tessera/protocol';
import pLimit from 'p-limit';

/** OWASP's recommendation for argon2id: 19 MiB, two passes, one lane. */
const parameters = { algorithm: 2 satisfies Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Hashing runs in libuv's pool, which has four threads and signs tokens as well: a flood of sign-ins may keep three of them
 * busy, never all.
 */
const limit = pLimit(Math.min(3, availableParallelism()));

/** So many may wait, about half a second's work; whoever comes after them is asked to come again rather than to wait longer. */
const longestQueue = 64;

/** The password as an argon2id PHC string: what `passwordHash` of a user holds. */
export function hashPassword(password: string): Promise<string> {
  return limit(() => hash(normalize(password), parameters));
}

/**
 * Whether the password is the one that was hashed.
 * @throws OAuthError `temporarily_unavailable` where too many wait already
 */
export async function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  refuseWhileBusy();
  return limit(() => verify(passwordHash, normalize(password)));
}

/**
 * For whoever counts tries: one that nobody has time for is to be refused before it counts.
 * @throws OAuthError `temporarily_unavailable` where too many wait already
 */
export function refuseWhileBusy(): void {
  if (limit.pendingCount < longestQueue) return;
  throw new OAuthError('temporarily_unavailable', 'Too many people sign in at this moment: try again in a second.');
}

/** The same letters typed on two keyboards may come as different code points (NIST SP 800-63B §5.1.1.2). */
function normalize(password: string): string {
  return password.normalize('NFKC');
}
