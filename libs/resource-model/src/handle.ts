import { createHash, randomBytes } from 'node:crypto';

/** The SHA-256 of a handle, base64url: the only form in which a store ever sees it. */
export type HandleHash = string & { readonly handleHash: unique symbol };

/** A new opaque value of 256 random bits, base64url, 43 characters. */
export function createHandle(): string {
  return randomBytes(32).toString('base64url');
}

/** What a store keeps and finds a handle by. */
export function hashHandle(handle: string): HandleHash {
  return createHash('sha256').update(handle, 'utf8').digest('base64url') as HandleHash;
}
