import type { IntrospectionSettings } from '../options/issuer-settings.js';
import { ExpiringMap } from './expiring-map.js';
import type { Judgement } from './introspection-answer.js';

type Bounds = Pick<IntrospectionSettings, 'cacheLifetime' | 'negativeCacheLifetime' | 'cacheSize'>;

/**
 * What an issuer said about tokens, for a while. "Not active" has a room of its own, a tenth of the size: made-up tokens, however
 * many, push none of the good ones out.
 */
export class AnswerCache {
  private readonly active: ExpiringMap<Exclude<Judgement, false>>;
  private readonly inactive: ExpiringMap<true>;

  constructor(private readonly bounds: Bounds) {
    this.active = new ExpiringMap(bounds.cacheSize);
    this.inactive = new ExpiringMap(Math.ceil(bounds.cacheSize / 10));
  }

  /** The judgement about a token, or undefined where it must be asked for. `now` in milliseconds. */
  find(key: string, now: number): Judgement | undefined {
    return this.active.get(key, now) ?? (this.inactive.get(key, now) ? false : undefined);
  }

  /** `askedAt`, in milliseconds, is when the request went out: what the issuer says is no younger for a slow network. */
  keep(key: string, judgement: Judgement, askedAt: number): void {
    const lifetime = judgement ? this.bounds.cacheLifetime : this.bounds.negativeCacheLifetime;
    if (lifetime <= 0) return;
    const expiresAt = askedAt + lifetime * 1000;
    if (judgement) this.active.set(key, judgement, Math.min(expiresAt, endOf(judgement)));
    else this.inactive.set(key, true, expiresAt);
  }
}

/** RFC 7662 §4: an answer must not be used beyond the token's `exp`. One that cannot be read bounds it to nothing. */
function endOf({ exp }: Exclude<Judgement, false>): number {
  if (exp === undefined) return Infinity;
  return typeof exp === 'number' ? exp * 1000 : -Infinity;
}
