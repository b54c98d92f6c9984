import { signingAlgorithms } from '@tessera/protocol';
import type { JSONWebKeySet } from 'jose';
import { introspectionRanges, issuerRanges } from './issuer-rules.js';
import type { ClaimNames, IntrospectionOptions, RequiredClaim, TrustedIssuerOptions } from './jwt-guard.options.js';

/** A claim by the way to it: one name, or the names one inside of the other. */
export type ClaimPath = readonly string[];

/** One trusted issuer after validation, with every default in place. Lengths of time in seconds. */
export class IssuerSettings {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly algorithms: ReadonlySet<string>;
  readonly tokenType: 'at+jwt' | 'any';
  readonly clockTolerance: number;
  readonly requiredClaims: readonly (readonly [name: string, required: RequiredClaim])[];
  readonly claimPaths: {
    readonly clientId: ClaimPath;
    readonly scope: ClaimPath;
    readonly roles: readonly ClaimPath[];
  };
  readonly audienceClaim: string;
  readonly jwksUri: string | undefined;
  readonly jwks: JSONWebKeySet | undefined;
  readonly internalAddress: string | undefined;
  readonly cacheLifetime: number;
  readonly staleLifetime: number;
  readonly refetchCooldown: number;
  readonly fetchTimeout: number;
  readonly introspection: IntrospectionSettings | undefined;

  /** The options must have been found without fault. `clock` gives milliseconds since the epoch; `shared` is required of all issuers. */
  constructor(
    options: TrustedIssuerOptions,
    readonly clock: () => number,
    shared: Readonly<Record<string, RequiredClaim>> = {},
  ) {
    this.issuer = options.issuer;
    this.audience = [options.audience ?? []].flat();
    this.algorithms = new Set(options.algorithms ?? signingAlgorithms);
    this.tokenType = options.tokenType ?? 'at+jwt';
    this.requiredClaims = [shared, options.requiredClaims, options.accessTokenMarks].flatMap((claims) =>
      Object.entries(claims ?? {}),
    );
    this.claimPaths = {
      clientId: [options.claimNames?.clientId ?? 'client_id'].flat(),
      scope: [options.claimNames?.scope ?? 'scope'].flat(),
      roles: pathsOf(options.claimNames?.roles ?? 'roles'),
    };
    this.audienceClaim = options.claimNames?.audience ?? 'aud';
    this.jwksUri = options.jwksUri;
    this.jwks = options.jwks;
    this.internalAddress = options.internalAddress;
    this.clockTolerance = options.clockTolerance ?? issuerRanges.clockTolerance.usual;
    this.cacheLifetime = options.cacheLifetime ?? issuerRanges.cacheLifetime.usual;
    this.staleLifetime = options.staleLifetime ?? issuerRanges.staleLifetime.usual;
    this.refetchCooldown = options.refetchCooldown ?? issuerRanges.refetchCooldown.usual;
    this.fetchTimeout = options.fetchTimeout ?? issuerRanges.fetchTimeout.usual;
    this.introspection = options.introspection && withDefaults(options.introspection);
  }
}

/** How an issuer is asked about reference tokens, with every default in place. Lengths of time in seconds. */
export type IntrospectionSettings = Required<Omit<IntrospectionOptions, 'endpoint'>> &
  Pick<IntrospectionOptions, 'endpoint'>;

function withDefaults(options: IntrospectionOptions): IntrospectionSettings {
  return {
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    authMethod: options.authMethod ?? 'client_secret_basic',
    endpoint: options.endpoint,
    cacheLifetime: options.cacheLifetime ?? introspectionRanges.cacheLifetime.usual,
    negativeCacheLifetime: options.negativeCacheLifetime ?? introspectionRanges.negativeCacheLifetime.usual,
    cacheSize: options.cacheSize ?? introspectionRanges.cacheSize.usual,
  };
}

function pathsOf(names: NonNullable<ClaimNames['roles']>): readonly ClaimPath[] {
  const paths = [names].flat();
  return paths.every((path) => typeof path === 'string') ? [paths] : paths.map((path) => [path].flat());
}
