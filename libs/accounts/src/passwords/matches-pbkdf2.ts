import { pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);

/** What a PBKDF2 hash consists of, however it is written. */
export interface Pbkdf2Hash {
  readonly digest: 'sha1' | 'sha256' | 'sha512';
  readonly iterations: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** PBKDF2 with HMAC (RFC 8018 §5.2): the work is done in libuv's pool. */
export async function matchesPbkdf2(
  password: string,
  { digest, iterations, salt, hash }: Pbkdf2Hash,
): Promise<boolean> {
  return timingSafeEqual(await derive(password, salt, iterations, hash.length, digest), hash);
}
