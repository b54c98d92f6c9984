import { hash } from 'node:crypto';
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
 * Tokens that were verified once, by the SHA-256 of the whole token. The cache belongs to one guard with one set of options
 * and never leaves it, so that nothing verified under other options can be found in it.
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
  constructor(private readonly size: number) {
    this.generation = Math.ceil(size / 2);
    this.round = 2 * size;
  }

  /** What a token is found under, or undefined while the cache is off or rests. */
  keyOf(token: string): string | undefined {
    return this.size > 0 && this.isAwake() ? hash('sha256', token, 'base64url') : undefined;
  }

  find(key: string): VerifiedToken | undefined {
    const found = this.young.get(key) ?? this.revive(key);
    if (found) this.hits++;
    return found;
  }

  add(key: string, token: VerifiedToken): void {
    if (this.young.size >= this.generation) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(key, token);
  }

  remove(key: string): void {
    this.young.delete(key);
    this.old.delete(key);
  }

  private revive(key: string): VerifiedToken | undefined {
    const found = this.old.get(key);
    if (found) this.add(key, found);
    return found;
  }

  /** Callers that never send a token twice (each time a new one from the issuer) get nothing from a cache but its cost. */
  private isAwake(): boolean {
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
