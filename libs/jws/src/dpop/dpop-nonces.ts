import { createHmac, timingSafeEqual } from 'node:crypto';

interface Window {
  readonly number: number;
  readonly current: string;
  readonly previous: string;
}

/**
 * The nonces that a server gives for DPoP proofs (RFC 9449 §8, §9): a proof with one cannot have been made long before. Nothing is
 * stored: a nonce is a code (HMAC-SHA-256) of the window of time in which it was given, so all nodes that share the secret
 * know the nonces of each other. One is accepted in its window and the next.
 */
export class DpopNonces {
  private window: Window | undefined;

  /**
   * @param secret 32 bytes or more, the same at all nodes
   * @param lifetime how long a window is, in seconds; a nonce is good for this long at least, and twice as long at most
   */
  constructor(
    private readonly secret: string | Buffer,
    private readonly lifetime = 120,
  ) {
    const bytes = Buffer.byteLength(secret);
    if (bytes < 32) throw new RangeError(`The secret for DPoP nonces has ${bytes} bytes; it needs 32 or more.`);
    if (!(lifetime >= 1)) throw new RangeError(`The lifetime of DPoP nonces is ${lifetime}; it is 1 second or more.`);
  }

  /** The nonce to give at this time (seconds since the epoch). */
  current(now: number): string {
    return this.windowAt(now).current;
  }

  /** Whether a nonce is one of ours and not too old at this time (seconds since the epoch). Takes the same time for all that are not. */
  accepts(nonce: string, now: number): boolean {
    const { current, previous } = this.windowAt(now);
    const isCurrent = isSame(nonce, current);
    return isSame(nonce, previous) || isCurrent;
  }

  private windowAt(now: number): Window {
    const number = Math.floor(now / this.lifetime);
    if (this.window?.number !== number) {
      this.window = { number, current: this.nonceOf(number), previous: this.nonceOf(number - 1) };
    }
    return this.window;
  }

  private nonceOf(number: number): string {
    return createHmac('sha256', this.secret).update(`dpop nonce ${this.lifetime} ${number}`).digest('base64url');
  }
}

function isSame(given: string, expected: string): boolean {
  const bytes = Buffer.from(given);
  return bytes.length === expected.length && timingSafeEqual(bytes, Buffer.from(expected));
}
