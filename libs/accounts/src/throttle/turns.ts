import { OAuthError } from '@tessera/protocol';
import pLimit, { type LimitFunction } from 'p-limit';

/** So many of one key at work or waiting; whoever comes after them is asked to come again. */
const longestLine = 64;

/**
 * Lets only some of the tries with one key work at the same time; the others wait until it is known how those ended. Many sign-ins of
 * one person at once, all with the right password, are then not taken for guessing.
 */
export class Turns {
  private readonly lines = new Map<string, { readonly limit: LimitFunction; length: number }>();

  constructor(private readonly atOnce: number) {}

  /** @throws OAuthError `temporarily_unavailable` where too many wait already */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const line = this.lines.get(key) ?? { limit: pLimit(this.atOnce), length: 0 };
    if (line.length >= longestLine) {
      throw new OAuthError('temporarily_unavailable', 'Too many people sign in at this moment: try again in a second.');
    }
    this.lines.set(key, line);
    line.length++;
    try {
      return await line.limit(work);
    } finally {
      if (--line.length === 0) this.lines.delete(key);
    }
  }
}
