import { randomFillSync } from 'node:crypto';

// One call into the random generator costs more than the bytes it brings, so they are fetched in blocks.
const block = Buffer.alloc(8192);
let used = block.length;

/** Text of that many random bytes, base64url. The bytes are used once and wiped. */
export function randomText(bytes: number): string {
  if (used + bytes > block.length) {
    randomFillSync(block);
    used = 0;
  }
  const text = block.toString('base64url', used, used + bytes);
  block.fill(0, used, used + bytes);
  used += bytes;
  return text;
}
