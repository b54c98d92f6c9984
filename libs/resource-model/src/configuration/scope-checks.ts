import { Scopes, type SigningAlgorithm } from '@tessera/protocol';
import { ResourceCatalogue } from '../resource-catalogue.js';
import type { Configuration } from './configuration.js';
import type { Fault } from './fault.js';
import { suggestion } from './suggestion.js';

/** Scopes that nobody declared, and names with two meanings. */
export function scopeFaults(configuration: Configuration): Fault[] {
  const declared = new Set(configuration.apiScopes.map(({ name }) => name));
  const identity = new Set(configuration.identityResources.map(({ name }) => name));
  const unknown = configuration.apiResources.flatMap(({ name, scopes }, index) =>
    scopes
      .filter((scope) => scope !== name && !declared.has(scope))
      .map((scope) => ({
        path: `apiResources[${index}].scopes`,
        value: scope,
        problem: `names a scope that is not in apiScopes: declare it there${suggestion(scope, declared)}`,
      })),
  );
  const both = [
    ...configuration.apiScopes.map(({ name }, index) => ({ path: `apiScopes[${index}].name`, value: name })),
    ...configuration.apiResources.flatMap(({ scopes }, index) =>
      scopes.map((scope) => ({ path: `apiResources[${index}].scopes`, value: scope })),
    ),
  ]
    .filter(({ value }) => identity.has(value) || value === Scopes.offlineAccess)
    .map(({ path, value }) => ({
      path,
      value,
      problem:
        value === Scopes.offlineAccess
          ? 'offline_access asks for a refresh token (OpenID Connect Core §11) and cannot name an API scope'
          : 'is an identity resource already: a name is one or the other, rename one of them',
    }));
  return [...unknown, ...both];
}

/** A token for a scope of no ApiResource is for the server itself and no API takes it, which puzzles everybody. */
export function scopeWarnings(configuration: Configuration): Fault[] {
  const catalogue = new ResourceCatalogue(
    configuration.identityResources,
    configuration.apiScopes,
    configuration.apiResources,
  );
  return configuration.apiScopes
    .map((scope, index) => ({ scope, path: `apiScopes[${index}].name` }))
    .filter(({ scope }) => scope.enabled && catalogue.resourcesOf([scope.name]).length === 0)
    .map(({ scope, path }) => ({
      path,
      value: scope.name,
      problem: 'belongs to no enabled ApiResource, so no API accepts its tokens: list it in the scopes of one',
    }));
}

/** Resources whose tokens nobody could sign. */
export function resourceFaults(configuration: Configuration, signingAlgorithms: readonly SigningAlgorithm[]): Fault[] {
  return configuration.apiResources.flatMap(({ allowedAccessTokenSigningAlgorithms: value }, index) =>
    unusableAlgorithms(value, signingAlgorithms).map((problem) => ({
      path: `apiResources[${index}].allowedAccessTokenSigningAlgorithms`,
      value,
      problem,
    })),
  );
}

/** Why a list of algorithms leaves the server without a key to sign with; empty: it does not. */
export function unusableAlgorithms(
  allowed: readonly SigningAlgorithm[],
  signingAlgorithms: readonly SigningAlgorithm[],
): string[] {
  if (allowed.length === 0 || allowed.some((algorithm) => signingAlgorithms.includes(algorithm))) return [];
  return [
    `the server has none of these keys: list one of ${signingAlgorithms.join(', ')}, or add one to the server's signingAlgorithms`,
  ];
}
