import { signingAlgorithms } from '@tessera/protocol';
import type { JwtGuardOptions } from './jwt-guard.options.js';
import { durations, jwtGuardOptionFaults } from './option-faults.js';

/** The options do not make a guard. `faults` holds one sentence each: the option, the value and what would be right. */
export class JwtGuardOptionsError extends Error {
  override readonly name = 'JwtGuardOptionsError';

  constructor(readonly faults: readonly string[]) {
    super(`JwtGuardModule cannot start:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/** The options after validation, with every default in place. */
export class GuardSettings {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly algorithms: readonly string[];
  readonly jwksUri: string | undefined;
  readonly clockTolerance: number;
  readonly cacheLifetime: number;
  readonly staleLifetime: number;
  readonly refetchCooldown: number;
  readonly fetchTimeout: number;
  readonly clock: () => number;

  /** Throws a JwtGuardOptionsError that lists every fault at once. */
  constructor(options: JwtGuardOptions) {
    const faults = jwtGuardOptionFaults(options);
    if (faults.length > 0) throw new JwtGuardOptionsError(faults);
    this.issuer = options.issuer;
    this.audience = typeof options.audience === 'string' ? [options.audience] : [...options.audience];
    this.algorithms = [...(options.algorithms ?? signingAlgorithms)];
    this.jwksUri = options.jwksUri;
    this.clockTolerance = options.clockTolerance ?? durations.clockTolerance.usual;
    this.cacheLifetime = options.cacheLifetime ?? durations.cacheLifetime.usual;
    this.staleLifetime = options.staleLifetime ?? durations.staleLifetime.usual;
    this.refetchCooldown = options.refetchCooldown ?? durations.refetchCooldown.usual;
    this.fetchTimeout = options.fetchTimeout ?? durations.fetchTimeout.usual;
    this.clock = options.clock ?? Date.now;
  }

  /** The protection space that challenges name (RFC 9110 §11.5): this API. */
  get realm(): string {
    return this.audience[0]!;
  }
}
