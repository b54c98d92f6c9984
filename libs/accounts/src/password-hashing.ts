import { availableParallelism } from 'node:os';
import { type Algorithm, hash } from '@node-rs/argon2';
import { OAuthError } from '@tessera/protocol';
import pLimit from 'p-limit';
import { schemeOf } from './passwords/password-schemes.js';

/** OWASP's recommendation for argon2id: 19 MiB, two passes, one lane. */
const parameters = { algorithm: 2 satisfies Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** What every hash with these parameters begins with. */
const ours = '$argon2id$v=19$m=19456,t=2,p=1$';

/**
 * Hashing runs in libuv's pool, which has four threads and signs tokens as well: a flood of sign-ins may keep three of them
 * busy, never all.
 */
const limit = pLimit(Math.min(3, availableParallelism()));

/**
 * So many may wait, about half a second's work where the hashes are ours; whoever comes after them is asked to come again rather than to
 * wait longer.
 */
const longestQueue = 64;

/** The password as an argon2id PHC string: what `passwordHash` of a user holds. */
export function hashPassword(password: string): Promise<string> {
  return limit(() => hash(normalize(password), parameters));
}

/**
 * Whether the password is the one that was hashed, here or elsewhere.
 * @param passwordHash one without a fault
 * @throws OAuthError `temporarily_unavailable` where too many wait already
 */
export async function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  refuseWhileBusy();
  return limit(() => matches(passwordHash, password));
}

/** Whether this hash was made elsewhere, or with other parameters than ours. */
export function needsRehash(passwordHash: string): boolean {
  return !passwordHash.startsWith(ours);
}

/** Whether a right password may take the place of what was hashed: where only its beginning was looked at, the rest may be mistyped. */
export function isWhollyVerified(passwordHash: string, password: string): boolean {
  return schemeOf(passwordHash).looksAtWhole?.(password) ?? true;
}

/**
 * For whoever counts tries: one that nobody has time for is to be refused before it counts.
 * @throws OAuthError `temporarily_unavailable` where too many wait already
 */
export function refuseWhileBusy(): void {
  if (limit.pendingCount < longestQueue) return;
  throw new OAuthError('temporarily_unavailable', 'Too many people sign in at this moment: try again in a second.');
}

/** Other systems hash what was typed as it came: where this differs from our form of it, both are tried. */
async function matches(passwordHash: string, password: string): Promise<boolean> {
  const scheme = schemeOf(passwordHash);
  for (const spelling of new Set([normalize(password), password])) {
    if (await scheme.verify(passwordHash, spelling)) return true;
  }
  return false;
}

/** The same letters typed on two keyboards may come as different code points (NIST SP 800-63B §5.1.1.2). */
function normalize(password: string): string {
  return password.normalize('NFKC');
}
