import { hash } from 'node:crypto';
import { randomText } from './random-text.js';

/** The SHA-256 of a handle, base64url: the only form in which a store ever sees it. */
export type HandleHash = string & { readonly handleHash: unique symbol };

/** A new opaque value of 256 random bits, base64url, 43 characters. */
export function createHandle(): string {
  return randomText(32);
}

/** What a store keeps and finds a handle by. */
export function hashHandle(handle: string): HandleHash {
  return hash('sha256', handle, 'base64url') as HandleHash;
}
