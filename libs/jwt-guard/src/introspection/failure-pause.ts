import { ExpiringMap } from './expiring-map.js';
import type { IntrospectionFailure } from './introspection-failure.js';

/** Seconds without requests after a failure: short, because callers are refused in the meantime. */
const pauseLength = 1;

/** How many tokens are remembered that the issuer stumbled over. */
const mostTokens = 1_000;

/** Why no request goes out, and for how many seconds. */
export interface Pause {
  readonly seconds: number;
  readonly failure: IntrospectionFailure;
}

/**
 * Keeps requests away from an issuer that fails, so that callers hear at once that it is away, and it can recover.
 *
 * - A failure that concerns the whole issuer pauses everything. Afterwards one request goes ahead: if it fails, the next pause
 *   begins, otherwise all follow.
 * - A failure that may lie in one token pauses this token alone: nobody can shut the others out with a token that the issuer, or
 *   a firewall in front of it, stumbles over.
 */
export class FailurePause {
  private whole: { readonly until: number; readonly failure: IntrospectionFailure } | undefined;
  private isTrying = false;
  private readonly tokens = new ExpiringMap<IntrospectionFailure>(mostTokens);

  /** `clock` gives milliseconds. */
  constructor(private readonly clock: () => number) {}

  /** Why no request about this token may go out now. With undefined one may, and how it went must be told afterwards. */
  begin(key: string): Pause | undefined {
    const now = this.clock();
    const failure = this.tokens.get(key, now);
    if (failure) return { seconds: pauseLength, failure };
    if (!this.whole) return undefined;
    const seconds = (this.whole.until - now) / 1000;
    if (seconds > 0) return { seconds, failure: this.whole.failure };
    if (this.isTrying) return { seconds: pauseLength, failure: this.whole.failure };
    this.isTrying = true;
    return undefined;
  }

  succeeded(): void {
    this.whole = undefined;
    this.isTrying = false;
  }

  failed(key: string, failure: IntrospectionFailure): Pause {
    const seconds = Math.max(failure.retryAfter ?? 0, pauseLength);
    const until = this.clock() + seconds * 1000;
    this.isTrying = false;
    // An issuer that stumbles over one token has answered: it is there.
    this.whole = failure.concernsIssuer ? { until, failure } : undefined;
    if (!failure.concernsIssuer) this.tokens.set(key, failure, until);
    return { seconds, failure };
  }
}
