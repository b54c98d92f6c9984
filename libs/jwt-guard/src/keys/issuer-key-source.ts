import type { CryptoKey } from 'jose';
import { AccessTokenError } from '../token/access-token.error.js';
import type { KeyedHeader } from '../token/unverified-token.js';
import { discoverJwksUri } from './discovery.js';
import { fetchJson } from './fetch-json.js';
import { KeySet } from './key-set.js';
import { KeySource } from './key-source.js';

/** How an issuer's keys are fetched and kept; lengths of time in seconds. */
export interface IssuerKeyPolicy {
  readonly issuer: string;
  readonly jwksUri: string | undefined;
  readonly cacheLifetime: number;
  readonly staleLifetime: number;
  readonly refetchCooldown: number;
  readonly fetchTimeout: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** Seconds between two tries while no key is known: short, because every request is refused in the meantime. */
const firstRetry = 1;

/**
 * The keys that an issuer publishes, fetched when first needed and then kept.
 *
 * - Older than `cacheLifetime`: fetched anew before use, so that a removed key stops working.
 * - A `kid` that is not in the set: fetched anew at most once per `refetchCooldown`, whatever tokens come.
 * - The issuer is away: the last keys serve for `staleLifetime` more, then (or without any) `issuer_unavailable`.
 *
 * There is never more than one fetch under way; whoever needs it waits for the same one.
 */
export class IssuerKeySource extends KeySource {
  private held: { readonly keys: KeySet; readonly fetchedAt: number } | undefined;
  private jwksUri: string | undefined;
  private pending: Promise<void> | undefined;
  private failure: Error | undefined;
  private retryAt = -Infinity;
  private refetchAt = -Infinity;

  constructor(
    private readonly policy: IssuerKeyPolicy,
    /** Told of each failed fetch, for the log. */
    private readonly onFailure: (error: Error) => void = () => undefined,
  ) {
    super();
  }

  override async keyFor(header: KeyedHeader): Promise<CryptoKey> {
    const before = this.held;
    const keys = await this.usableKeys();
    const key = await keys.find(header);
    if (key) return key;
    // Keys that were fetched for this very call are as new as they can be.
    if (this.held === before) await this.refetch();
    const newKey = await this.held?.keys.find(header);
    if (newKey) return newKey;
    if (this.failure) throw this.unavailable();
    throw new AccessTokenError('key_unknown', 'The token is signed with a key that its issuer does not publish.');
  }

  override async prefetch(): Promise<void> {
    await this.refresh();
    // Issuer and API may start in any order: a first try that came too early costs the first request no wait.
    if (!this.held) this.retryAt = -Infinity;
  }

  private async usableKeys(): Promise<KeySet> {
    if (this.held && this.age() < this.policy.cacheLifetime) return this.held.keys;
    if (this.pending || this.now() >= this.retryAt) await this.refresh();
    if (this.held && this.age() < this.policy.cacheLifetime + this.policy.staleLifetime) return this.held.keys;
    throw this.unavailable();
  }

  /** For an unknown `kid`. A flood of them costs one fetch per cool-down, and tokens of known keys do not wait for it. */
  private async refetch(): Promise<void> {
    if (this.pending) return this.pending;
    if (this.now() < this.refetchAt) return;
    this.refetchAt = this.now() + this.policy.refetchCooldown;
    await this.refresh();
  }

  /** Fetches, or joins the fetch that is under way. Never rejects: `held` and `failure` tell how it went. */
  private refresh(): Promise<void> {
    this.pending ??= this.load().finally(() => (this.pending = undefined));
    return this.pending;
  }

  private async load(): Promise<void> {
    const fetchedAt = this.now();
    try {
      this.held = { keys: new KeySet(await this.fetchKeys()), fetchedAt };
      this.failure = undefined;
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      this.retryAt = this.now() + (this.held ? this.policy.refetchCooldown : firstRetry);
      this.onFailure(this.failure);
    }
  }

  /** Discovery is repeated when the keys have grown old or the last try failed: an issuer may move its keys. */
  private async fetchKeys(): Promise<unknown> {
    const { policy } = this;
    if (policy.jwksUri) return fetchJson(policy.jwksUri, policy.fetchTimeout);
    if (!this.jwksUri || this.failure || this.age() >= policy.cacheLifetime) {
      this.jwksUri = await discoverJwksUri(policy.issuer, policy.fetchTimeout);
    }
    return fetchJson(this.jwksUri, policy.fetchTimeout);
  }

  private unavailable(): AccessTokenError {
    const retryAfter = Math.max(1, Math.ceil(this.retryAt - this.now()));
    const description = "The keys of the token's issuer cannot be fetched at the moment.";
    return new AccessTokenError('issuer_unavailable', description, { cause: this.failure, retryAfter });
  }

  private age(): number {
    return this.held ? this.now() - this.held.fetchedAt : Infinity;
  }

  private now(): number {
    return this.policy.clock() / 1000;
  }
}
