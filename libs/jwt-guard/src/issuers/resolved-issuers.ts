import { isDeepStrictEqual } from 'node:util';
import type { IssuerSettings } from '../options/issuer-settings.js';
import type { ListedIssuers } from './listed-issuers.js';
import type { TrustedIssuer } from './trusted-issuer.js';
import { AccessTokenError } from '../token/access-token.error.js';
import { TrustedIssuers } from './trusted-issuers.js';

/** How issuers are looked up that the configuration does not name. */
export interface IssuerResolution {
  resolve(issuer: string): Promise<IssuerSettings | undefined>;
  trust(settings: IssuerSettings): TrustedIssuer;
  /** Seconds for which an answer holds, also the answer that an issuer is not trusted. */
  readonly resolvedLifetime: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** The most answers that are kept of each kind; the oldest gives way. */
const mostTrusted = 10_000;
const mostUnknown = 10_000;
/** Look-ups at once: a flood of made-up names must not take all that the resolver has. */
const mostUnderWay = 100;

/** In characters. Anybody can write kilobytes into an unverified token, and what is kept for each name must not be of that size. */
const longestName = 1_024;

/** Issuers by a resolver, for tenants; those that are listed are found first. */
export class ResolvedIssuers extends TrustedIssuers {
  readonly description = 'others';
  private readonly trusted = new Map<string, TrustedIssuer>();
  /** Names that are not trusted, with the end of that answer: made-up names must not reach the resolver time and again. */
  private readonly unknown = new Map<string, number>();
  private readonly pending = new Map<string, Promise<TrustedIssuer | undefined>>();

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

  /** Once for everybody who waits. */
  private ask(issuer: string): Promise<TrustedIssuer | undefined> {
    const underWay = this.pending.get(issuer);
    if (underWay) return underWay;
    if (this.pending.size >= mostUnderWay) {
      throw new AccessTokenError('issuer_unavailable', 'Too many issuers are being looked up at the moment.');
    }
    const asked = this.resolve(issuer).finally(() => this.pending.delete(issuer));
    this.pending.set(issuer, asked);
    return asked;
  }

  private async resolve(issuer: string): Promise<TrustedIssuer | undefined> {
    const settings = await this.resolution.resolve(issuer);
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
