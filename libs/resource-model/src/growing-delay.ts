import { hash } from 'node:crypto';

/** How tries under one key are slowed down: nothing at first, then each one twice as long as the one before. */
export interface DelayRule {
  /** So many cost nothing; the last of them brings the first delay, of one second, and each after it twice the one before. */
  readonly free: number;
  /** The longest delay, in seconds. */
  readonly longest: number;
  /** Seconds after the first try at which all are forgotten, and what is held up because of them. */
  readonly within: number;
}

/** Seconds to wait after that many tries. */
export function delayAfter({ free, longest }: DelayRule, tries: number): number {
  return tries < free ? 0 : Math.min(2 ** (tries - free), longest);
}

/** The number of the try from which on the delay grows no more. */
export function triesUntilLongest({ free, longest }: DelayRule): number {
  return free + Math.ceil(Math.log2(longest));
}

/**
 * What tries are counted under: short, however long the parts, and without a name or an address to read in it: 132 bits of a SHA-256. Each `kind`
 * has keys of its own.
 */
export function attemptKey(kind: string, ...parts: readonly string[]): string {
  return hash('sha256', JSON.stringify([kind, ...parts]), 'base64url').slice(0, 22);
}
