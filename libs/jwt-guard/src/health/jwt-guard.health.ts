import { Injectable } from '@nestjs/common';
import { TrustedIssuers } from '../issuers/trusted-issuers.js';
import type { KeySource } from '../keys/key-source.js';
import { GuardSettings } from '../options/guard-settings.js';

/** How the keys of one issuer stand. Times are seconds since the epoch. */
export interface IssuerHealth {
  /** `down` while no token of this issuer can be checked. */
  readonly status: 'up' | 'down';
  readonly keyIds: readonly string[];
  readonly fetchedAt?: number;
  /** Why the last fetch failed, or why configured keys cannot be used, which may name an address of your network; absent after one that went well. */
  readonly failure?: string;
}

/** How the guard stands. It is `down` when no issuer's tokens can be checked: with one of several away it still serves the others. */
export interface GuardHealth {
  readonly status: 'up' | 'down';
  /** The issuers of the options, by name. */
  readonly issuers: Readonly<Record<string, IssuerHealth>>;
  /** Those that a resolver gave are counted: who the tenants are is nobody's business. */
  readonly resolved?: { readonly up: number; readonly down: number };
}

/**
 * Whether this API can check tokens: what is known already. The answer waits for nothing; keys that are missing are fetched behind it.
 *
 * With @nestjs/terminus: `health.check([() => jwtGuardHealth.check()])`. Without it: inject it into a `@Public()` controller, and answer with
 * 503 where `check()['jwt-guard'].status` is `down`. Use it for readiness; a process that is restarted reaches its issuer no better.
 */
@Injectable()
export class JwtGuardHealth {
  constructor(
    private readonly settings: GuardSettings,
    private readonly issuers: TrustedIssuers,
  ) {}

  /** In the shape of terminus' HealthIndicatorResult. */
  check<const Key extends string = 'jwt-guard'>(key: Key = 'jwt-guard' as Key): Record<Key, GuardHealth> {
    const named = new Set(this.settings.issuers.map(({ issuer }) => issuer));
    const all = this.issuers.list().map(({ settings, keys }) => [settings.issuer, healthOf(keys)] as const);
    const resolved = all.filter(([issuer]) => !named.has(issuer));
    const isUp = all.length === 0 || all.some(([, { status }]) => status === 'up');
    const health: GuardHealth = {
      status: isUp ? 'up' : 'down',
      issuers: Object.fromEntries(all.filter(([issuer]) => named.has(issuer))),
      ...(resolved.length > 0 && { resolved: { up: count(resolved, 'up'), down: count(resolved, 'down') } }),
    };
    return { [key]: health } as Record<Key, GuardHealth>;
  }
}

function healthOf(keys: KeySource): IssuerHealth {
  const { usable, keyIds, fetchedAt, failure } = keys.status();
  // Whoever is kept away until this is up again sends no token that would cause the next try.
  if (!usable) void keys.prefetch();
  return {
    status: usable ? 'up' : 'down',
    keyIds,
    ...(fetchedAt !== undefined && { fetchedAt }),
    ...(failure !== undefined && { failure }),
  };
}

function count(issuers: readonly (readonly [string, IssuerHealth])[], wanted: IssuerHealth['status']): number {
  return issuers.filter(([, { status }]) => status === wanted).length;
}
