import { isDeepStrictEqual } from 'node:util';
import { JwtGuardOptionsError } from '../options/guard-settings.js';
import type { IssuerSettings } from '../options/issuer-settings.js';
import { AccessTokenError } from '../token/access-token.error.js';
import type { ListedIssuers } from './listed-issuers.js';
import type { TrustedIssuer } from './trusted-issuer.js';
import { TrustedIssuers } from './trusted-issuers.js';

/** How issuers are looked up that the configuration does not name. */
export interface IssuerResolution {
  resolve(issuer: string): Promise<IssuerSettings | undefined>;
  trust(settings: IssuerSettings): TrustedIssuer;
  /** Seconds for which an answer holds, also the answer that an issuer is not trusted. */
  readonly resolvedLifetime: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Told of each look-up that failed or took too long. */
  onFailure(issuer: string, error: Error): void;
}

/** The most answers that are kept of each kind; the oldest gives way. */
const mostTrusted = 10_000;
const mostUnknown = 10_000;
/** Look-ups of names that are not known at once: a flood of made-up ones must not take all that the resolver has. */
const mostUnderWay = 100;
/** Seconds. A look-up that takes longer has failed. */
const longestLookup = 5;
/** Seconds after a failed look-up in which the name is not looked up again. */
const failurePause = 1;

/** In characters. Anybody can write kilobytes into an unverified token, and what is kept for each name must not be of that size. */
const longestName = 1_024;

/** Issuers by a resolver, for tenants; those that are listed are found first. */
export class ResolvedIssuers extends TrustedIssuers {
  readonly description = 'others';
  private readonly trusted = new Map<string, TrustedIssuer>();
  /** Names that are not trusted, with the end of that answer: made-up names must not reach the resolver time and again. */
  private readonly unknown = new Map<string, number>();
  /** Names whose look-up failed, with the time of the next try. */
  private readonly failed = new Map<string, number>();
  private readonly pending = new Map<string, Promise<TrustedIssuer | undefined>>();
  private strangers = 0;

  constructor(
    private readonly listed: ListedIssuers,
    private readonly resolution: IssuerResolution,
  ) {
    super();
  }

  override get ofReferenceTokens(): TrustedIssuer | undefined {
    return this.listed.ofReferenceTokens;
  }

  override find(issuer: string): TrustedIssuer | undefined | Promise<TrustedIssuer | undefined> {
    const now = this.resolution.clock();
    const known = this.listed.find(issuer) ?? this.trusted.get(issuer);
    if (known && now < known.trustedUntil) return known;
    if (issuer.length > longestName || now < (this.unknown.get(issuer) ?? -Infinity)) return undefined;
    return this.ask(issuer);
  }

  override list(): readonly TrustedIssuer[] {
    return [...this.listed.list(), ...this.trusted.values()];
  }

  /** Once for everybody who waits. A flood of strangers holds up no tenant whose answer has grown old. */
  private ask(issuer: string): Promise<TrustedIssuer | undefined> {
    const underWay = this.pending.get(issuer);
    if (underWay) return underWay;
    const isStranger = !this.trusted.has(issuer);
    const isPaused = this.resolution.clock() < (this.failed.get(issuer) ?? -Infinity);
    if (isPaused || (isStranger && this.strangers >= mostUnderWay)) throw unavailable();
    if (isStranger) this.strangers++;
    const asked = this.resolve(issuer).finally(() => {
      if (isStranger) this.strangers--;
      this.pending.delete(issuer);
    });
    this.pending.set(issuer, asked);
    return asked;
  }

  private async lookUp(issuer: string): Promise<IssuerSettings | undefined> {
    try {
      const settings = await inTime(this.resolution.resolve(issuer));
      this.failed.delete(issuer);
      return settings;
    } catch (error) {
      // Options that are wrong stay wrong: that is a fault of the application, and no reason to try again.
      if (error instanceof JwtGuardOptionsError) throw error;
      remember(this.failed, issuer, this.resolution.clock() + failurePause * 1000, mostUnknown);
      this.resolution.onFailure(issuer, error instanceof Error ? error : new Error(String(error)));
      throw unavailable(error);
    }
  }

  private async resolve(issuer: string): Promise<TrustedIssuer | undefined> {
    const settings = await this.lookUp(issuer);
    const until = this.resolution.clock() + this.resolution.resolvedLifetime * 1000;
    const before = this.trusted.get(issuer);
    this.trusted.delete(issuer);
    this.unknown.delete(issuer);
    if (!settings) {
      remember(this.unknown, issuer, until, mostUnknown);
      return undefined;
    }
    // The same options keep their keys; others make another issuer, and what was verified under the old ones is forgotten.
    const trusted = before && isDeepStrictEqual(before.settings, settings) ? before : this.resolution.trust(settings);
    trusted.trustedUntil = until;
    remember(this.trusted, issuer, trusted, mostTrusted);
    return trusted;
  }
}

function remember<T>(map: Map<string, T>, name: string, value: T, most: number): void {
  if (map.size >= most) map.delete(map.keys().next().value!);
  map.set(name, value);
}

function unavailable(cause?: unknown): AccessTokenError {
  const description = 'The issuer of the token cannot be looked up at the moment.';
  return new AccessTokenError('issuer_unavailable', description, { cause, retryAfter: failurePause });
}

/** A resolver that never answers must not keep its callers, nor the places of others. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${longestLookup} s`)), longestLookup * 1000);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
