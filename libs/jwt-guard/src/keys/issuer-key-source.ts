import type { VerificationKey } from '@tessera/jws';
import { AccessTokenError } from '../token/access-token.error.js';
import { fetchJson } from './fetch-json.js';
import { firstRetry, renewalPart, type IssuerKeyPolicy } from './issuer-key-policy.js';
import type { IssuerMetadata } from './issuer-metadata.js';
import { KeySet } from './key-set.js';
import { KeySource, type KeyedHeader, type KeySourceStatus } from './key-source.js';

/** Told how each fetch went. They must not throw. */
export interface KeySourceHooks {
  onFetched?: () => void;
  onFailure?: (error: Error) => void;
}

/** Keys, and what happens to them when (milliseconds since the epoch). */
interface HeldKeys {
  readonly keys: KeySet;
  readonly fetchedAt: number;
  /** From then on a request starts a refresh, and does not wait for it. */
  readonly refreshAt: number;
  /** From then on a request waits for newer keys, so that a removed key stops working. */
  readonly expiresAt: number;
  /** From then on they do not serve, even when the issuer is away. */
  readonly uselessAt: number;
}

/**
 * The keys that an issuer publishes, fetched when first needed and then kept.
 *
 * - Their lifetime is `cacheLifetime`, or shorter by the answer's `Cache-Control`. Past three quarters of it a request starts a
 *   refresh in the background; past all of it requests wait for the refresh.
 * - A `kid` that is not in the set: fetched anew at most once per `refetchCooldown`, whatever tokens come.
 * - The issuer is away: the last keys serve for `staleLifetime` more, then (or without any) `issuer_unavailable`.
 *
 * There is never more than one fetch under way; whoever needs it waits for the same one.
 */
export class IssuerKeySource extends KeySource {
  private held: HeldKeys | undefined;
  private pending: Promise<void> | undefined;
  private failure: Error | undefined;
  /** Until then `held` serves and nothing is due: all that a request looks at. */
  private quietUntil = -Infinity;
  private retryAt = -Infinity;
  private refetchAt = -Infinity;
  /** Until then the issuer is taken to be away: keys past their lifetime serve, and requests do not wait for the next try. */
  private awayUntil = -Infinity;

  constructor(
    private readonly policy: IssuerKeyPolicy,
    private readonly metadata: IssuerMetadata,
    private readonly hooks: KeySourceHooks = {},
  ) {
    super();
  }

  override keyFor(header: KeyedHeader): VerificationKey | Promise<VerificationKey> {
    return this.keysAtHand()?.find(header) ?? this.fetchedKeyFor(header);
  }

  override holds(key: VerificationKey): boolean {
    return this.keysAtHand()?.has(key) ?? false;
  }

  override async prefetch(): Promise<void> {
    const isFirst = !this.held && !this.failure;
    await this.renew();
    // Issuer and API may start in any order: a first try that came too early costs the first request no wait. Later ones (a health
    // check asks as often as it likes) keep the pause.
    if (isFirst && !this.held) this.retryAt = -Infinity;
  }

  override status(): KeySourceStatus {
    const { held, failure } = this;
    const lasting = held !== undefined && this.policy.clock() < held.uselessAt;
    return {
      usable: lasting || failure === undefined,
      keyIds: held?.keys.keyIds ?? [],
      fetchedAt: held && held.fetchedAt / 1000,
      usableUntil: held && held.uselessAt / 1000,
      failure: failure?.message,
    };
  }

  /** The keys, where a request need not wait for newer ones. Starts the refresh that is due. */
  private keysAtHand(): KeySet | undefined {
    const now = this.policy.clock();
    const { held } = this;
    if (!held || now < this.quietUntil) return held?.keys;
    const serving = now < held.expiresAt || (now < this.awayUntil && now < held.uselessAt);
    if (!serving) return undefined;
    if (!this.pending) void this.refresh();
    return held.keys;
  }

  private async fetchedKeyFor(header: KeyedHeader): Promise<VerificationKey> {
    // Keys that are fetched for this very call are as new as they can be: an unknown kid costs no second fetch.
    if (this.keysAtHand()) await this.refetch();
    else await this.renew();
    const key = this.usableKeys().find(header);
    if (key) return key;
    if (this.failure) throw this.unavailable();
    throw new AccessTokenError('key_unknown', 'The token is signed with a key that its issuer does not publish.');
  }

  private usableKeys(): KeySet {
    if (this.held && this.policy.clock() < this.held.uselessAt) return this.held.keys;
    throw this.unavailable();
  }

  /** For keys that are missing or past their lifetime. */
  private async renew(): Promise<void> {
    // What was under way when time jumped (a machine that slept) brings keys that are too old already.
    if (this.pending) await this.pending;
    if (!this.keysAtHand() && this.policy.clock() >= this.retryAt) await this.refresh();
  }

  /** For an unknown `kid`. A flood of them costs one fetch per cool-down, and tokens of known keys do not wait for it. */
  private async refetch(): Promise<void> {
    if (this.pending) return this.pending;
    const now = this.policy.clock();
    if (now < this.refetchAt) return;
    this.refetchAt = now + this.policy.refetchCooldown * 1000;
    await this.refresh();
  }

  /** Fetches, or joins the fetch that is under way. Never rejects: `held` and `failure` tell how it went. */
  private refresh(): Promise<void> {
    this.pending ??= this.load().finally(() => (this.pending = undefined));
    return this.pending;
  }

  private async load(): Promise<void> {
    const fetchedAt = this.policy.clock();
    try {
      if (this.failure) this.metadata.expire();
      const { document, freshness } = await fetchJson(await this.metadata.jwksUri(), this.policy.fetchTimeout);
      this.keep(await KeySet.read(document, this.held?.keys), fetchedAt, freshness);
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.hooks.onFetched?.();
  }

  private keep(keys: KeySet, fetchedAt: number, freshness = Infinity): void {
    const { cacheLifetime, staleLifetime, refetchCooldown } = this.policy;
    const lifetime = 1000 * Math.min(cacheLifetime, Math.max(freshness, refetchCooldown));
    const refreshAt = fetchedAt + lifetime * renewalPart;
    const expiresAt = fetchedAt + lifetime;
    this.held = { keys, fetchedAt, refreshAt, expiresAt, uselessAt: expiresAt + staleLifetime * 1000 };
    this.failure = undefined;
    this.quietUntil = refreshAt;
    this.awayUntil = -Infinity;
  }

  private fail(error: Error): void {
    const { refetchCooldown, fetchTimeout } = this.policy;
    const now = this.policy.clock();
    this.failure = error;
    if (this.held && now < this.held.uselessAt) {
      this.retryAt = Math.min(now + refetchCooldown * 1000, this.held.uselessAt);
      this.quietUntil = Math.max(this.retryAt, this.held.refreshAt);
      // Time for the next try and for the two requests that it makes. When nobody came to cause one, requests wait again.
      this.awayUntil = now + 2000 * (refetchCooldown + fetchTimeout);
    } else {
      this.retryAt = now + firstRetry * 1000;
    }
    this.hooks.onFailure?.(error);
  }

  private unavailable(): AccessTokenError {
    const retryAfter = Math.max(1, Math.ceil((this.retryAt - this.policy.clock()) / 1000));
    const description = "The keys of the token's issuer cannot be fetched at the moment.";
    return new AccessTokenError('issuer_unavailable', description, { cause: this.failure, retryAfter });
  }
}
