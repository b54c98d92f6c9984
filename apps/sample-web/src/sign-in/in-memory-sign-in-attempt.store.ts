import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { ExpiringMap } from '../expiring-map.js';
import { hashHandle } from '../handle.js';

/** A sign-in that has begun: what the answer of the issuer has to fit. */
export interface SignInAttempt {
  readonly state: string;
  readonly nonce: string;
  /** PKCE (RFC 7636): only who began can redeem the code. */
  readonly codeVerifier: string;
  /** The handle in the cookie of the browser in which it began. */
  readonly browser: string;
  readonly returnTo: string;
  /** What `auth_time` of the id_token has to fit, in seconds. */
  readonly maxAge: number | undefined;
}

/** One record for each `state`, so that sign-ins in several tabs do not disturb one another. */
@Injectable()
export class InMemorySignInAttemptStore {
  static readonly capacity = 10_000;
  /** Seconds: time enough to look for a password. */
  static readonly lifetime = 1800;
  private readonly attempts: ExpiringMap<Omit<SignInAttempt, 'state'>>;

  constructor(clock: Clock) {
    this.attempts = new ExpiringMap(clock, InMemorySignInAttemptStore);
  }

  add({ state, ...attempt }: SignInAttempt): void {
    this.attempts.add(hashHandle(state), { ...attempt, browser: hashHandle(attempt.browser) });
  }

  /** Once only. From another browser it is as if it did not exist, and it stays there for its own. */
  take(state: string, browser: string): SignInAttempt | undefined {
    const key = hashHandle(state);
    const attempt = this.attempts.get(key);
    if (attempt?.browser !== hashHandle(browser)) return undefined;
    this.attempts.delete(key);
    return { state, ...attempt };
  }
}
