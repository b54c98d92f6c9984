import { randomBytes } from 'node:crypto';
import { InMemoryDpopReplayStore, type DpopReplayStore } from '@tessera/jws';
import type { SigningAlgorithm } from '@tessera/protocol';
import { decryptionSettings, type DecryptionSettings } from './decryption-settings.js';
import { IssuerSettings } from './issuer-settings.js';
import { issuerFaults, sharedRules } from './issuer-rules.js';
import { given } from './option-rules.js';
import type {
  JwtGuardHooks,
  JwtGuardOptions,
  ResourceMetadataOptions,
  TrustedIssuerOptions,
} from './jwt-guard.options.js';
import { guardRanges, jwtGuardOptionFaults } from './option-faults.js';
import { show } from './shown-value.js';

/** The options do not make a guard. `faults` holds one sentence each: the option, the value and what would be right. */
export class JwtGuardOptionsError extends Error {
  override readonly name = 'JwtGuardOptionsError';
  /** Not a plain member: what prints an error prints those beside the message, and each fault would stand there twice. */
  readonly #faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`JwtGuardModule cannot start:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.#faults = faults;
  }

  get faults(): readonly string[] {
    return this.#faults;
  }
}

/** DPoP with every default in place. */
export interface DpopSettings {
  readonly mode: 'off' | 'allowed' | 'required';
  readonly algorithms: readonly SigningAlgorithm[];
  /** Seconds. */
  readonly proofLifetime: number;
  readonly requireNonce: boolean;
  readonly nonceSecret: string | Buffer;
  readonly replayStore: DpopReplayStore;
}

export interface MtlsSettings {
  readonly mode: 'off' | 'allowed' | 'required';
  readonly certificate: 'socket' | { readonly header: string };
}

const proofAlgorithms: readonly SigningAlgorithm[] = ['ES256', 'ES384', 'ES512', 'EdDSA', 'PS256', 'RS256'];

/** The options after validation, with every default in place. */
export class GuardSettings {
  readonly issuers: readonly IssuerSettings[];
  /** Seconds. */
  readonly resolvedLifetime: number;
  /** How many verified tokens are remembered; 0 for none. */
  readonly tokenCacheSize: number;
  readonly dpop: DpopSettings;
  readonly mtls: MtlsSettings;
  readonly decryption: DecryptionSettings | undefined;
  readonly publicUrl: string | undefined;
  readonly resourceMetadata: ResourceMetadataOptions | undefined;
  readonly hooks: JwtGuardHooks;
  readonly callReaders: NonNullable<JwtGuardOptions['callReaders']>;
  readonly clock: () => number;
  /** Not a plain member: private keys stand there as they were given. */
  readonly #options: JwtGuardOptions;

  /** Throws a JwtGuardOptionsError that lists every fault at once. */
  constructor(options: JwtGuardOptions) {
    refuse(jwtGuardOptionFaults(options));
    this.#options = options;
    this.clock = options.clock ?? Date.now;
    this.issuers = this.listIssuers();
    this.resolvedLifetime = options.resolvedLifetime ?? guardRanges.resolvedLifetime.usual;
    this.tokenCacheSize =
      options.tokenCache === false ? 0 : (options.tokenCache?.size ?? guardRanges.tokenCacheSize.usual);
    this.dpop = dpopSettings(options.dpop, this.clock);
    this.mtls = {
      certificate: 'socket',
      ...(typeof options.mtls === 'object' ? options.mtls : { mode: options.mtls ?? 'off' }),
    };
    this.decryption = options.decryption && decryptionSettings(options.decryption);
    this.publicUrl = options.publicUrl;
    this.resourceMetadata = options.resourceMetadata;
    this.hooks = options.hooks ?? {};
    this.callReaders = options.callReaders ?? {};
  }

  /** The protection space that challenges name (RFC 9110 §11.5): this API. */
  get realm(): string {
    return this.issuers[0]?.audience[0] ?? [this.#options.audience ?? 'api'].flat()[0]!;
  }

  /** Whether issuers can be trusted that are not in the list. */
  get hasResolver(): boolean {
    return this.#options.resolveIssuer !== undefined;
  }

  /** The issuer that the resolver knows under this name. Rejects with a JwtGuardOptionsError where what it gave is faulty. */
  async resolve(issuer: string): Promise<IssuerSettings | undefined> {
    const resolved = await this.#options.resolveIssuer?.(issuer);
    if (!resolved) return undefined;
    // The resolver answers for the very name it was asked about: another one would let one tenant speak for another.
    if (resolved.issuer !== issuer) {
      throw new JwtGuardOptionsError([
        `resolveIssuer: it was asked for ${show(issuer)} and gave ${show(resolved.issuer)}; give the same, letter for letter.`,
      ]);
    }
    const whole = this.withShared(resolved);
    refuse([
      ...issuerFaults(whole, 'resolveIssuer().'),
      ...(resolved.introspection === undefined
        ? []
        : [
            'resolveIssuer().introspection: a reference token does not say whose it is, so no tenant can be asked; give it to one entry of issuers.',
          ]),
    ]);
    return new IssuerSettings(whole, this.clock, this.#options.requiredClaims);
  }

  private listIssuers(): IssuerSettings[] {
    const options = this.#options;
    if (options.issuers) {
      return options.issuers.map(
        (entry) => new IssuerSettings(this.withShared(entry), this.clock, options.requiredClaims),
      );
    }
    return options.issuer === undefined ? [] : [new IssuerSettings({ ...options, issuer: options.issuer }, this.clock)];
  }

  private withShared(own: TrustedIssuerOptions): TrustedIssuerOptions {
    const shared = Object.entries(this.#options).filter(
      ([name]) => Object.hasOwn(sharedRules, name) && name !== 'requiredClaims',
    );
    return { ...Object.fromEntries(shared), ...given(own) };
  }
}

function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw new JwtGuardOptionsError(faults);
}

function dpopSettings(option: JwtGuardOptions['dpop'], clock: () => number): DpopSettings {
  const given = typeof option === 'object' ? option : { mode: option ?? 'off' };
  return {
    mode: given.mode,
    algorithms: given.algorithms ?? proofAlgorithms,
    proofLifetime: given.proofLifetime ?? guardRanges.proofLifetime.usual,
    requireNonce: given.requireNonce ?? false,
    nonceSecret: given.nonceSecret ?? randomBytes(32),
    replayStore: given.replayStore ?? new InMemoryDpopReplayStore(undefined, clock),
  };
}
