import { createHash, randomBytes } from 'node:crypto';

/** A value of 256 random bits that nobody can guess, in 43 characters. */
export function createHandle(): string {
  return randomBytes(32).toString('base64url');
}

/** True for what `createHandle` may have made. */
export function isHandle(value: string | undefined): value is string {
  return value !== undefined && /^[\w-]{43}$/.test(value);
}

/** What is kept of a handle: enough to know it again, useless to whoever reads the memory of this process. */
export function hashHandle(handle: string): string {
  return createHash('sha256').update(handle).digest('base64url');
}
