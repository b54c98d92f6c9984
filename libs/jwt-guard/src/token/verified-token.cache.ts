import type { VerificationKey } from '@tessera/jws';
import type { TrustedIssuer } from '../issuers/trusted-issuer.js';
import type { VerifiedAccess } from './verified-access.js';

/** A token that was verified, and what its verification rests upon. */
export interface VerifiedToken {
  readonly access: VerifiedAccess;
  readonly issuer: TrustedIssuer;
  readonly key: VerificationKey;
  /** Milliseconds since the epoch, clock tolerance included. */
  readonly expiresAt: number;
}

/** With fewer hits than this among the look-ups of a round the cache costs more than it saves, and rests. */
const leastHitRate = 0.02;
/** How many rounds it rests before it tries again. */
const restingRounds = 10;

/**
 * Tokens that were verified once, each by the whole of it: what is found was compared to the last character. (A hash as the key
 * would cost more than all the rest of a hit.) The cache belongs to one guard with one set of options and never leaves it, so that
 * nothing verified under other options can be found in it.
 * It says how a token stood when it was verified: what can change since then is for its user to check.
 */
export class VerifiedTokenCache {
  /** Two generations: when the young one is full it becomes the old one, and the old one is forgotten. What is asked for again is young again. */
  private young = new Map<string, VerifiedToken>();
  private old = new Map<string, VerifiedToken>();
  private readonly generation: number;
  private readonly round: number;
  private lookups = 0;
  private hits = 0;
  private resting = 0;

  /** `size`: how many tokens; 0 turns it off. */
  constructor(size: number) {
    this.generation = Math.ceil(size / 2);
    this.round = 2 * size;
  }

  find(token: string): VerifiedToken | undefined {
    if (!this.isAwake()) return undefined;
    const found = this.young.get(token) ?? this.revive(token);
    if (found) this.hits++;
    return found;
  }

  /** Keeps nothing while it is off or rests. */
  add(token: string, verified: VerifiedToken): void {
    if (this.generation === 0 || this.resting > 0) return;
    if (this.young.size >= this.generation) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(token, verified);
  }

  remove(token: string): void {
    this.young.delete(token);
    this.old.delete(token);
  }

  private revive(token: string): VerifiedToken | undefined {
    const found = this.old.get(token);
    if (found) this.add(token, found);
    return found;
  }

  /** Callers that never send a token twice (each time a new one from the issuer) get nothing from a cache but its cost. */
  private isAwake(): boolean {
    if (this.generation === 0) return false;
    if (++this.lookups > this.round) {
      const helped = this.hits >= this.round * leastHitRate;
      if (this.resting > 0) this.resting--;
      else if (!helped) this.fallAsleep();
      this.lookups = 1;
      this.hits = 0;
    }
    return this.resting === 0;
  }

  private fallAsleep(): void {
    this.resting = restingRounds;
    this.young.clear();
    this.old.clear();
  }
}
