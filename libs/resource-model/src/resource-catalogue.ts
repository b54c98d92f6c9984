import type { SigningAlgorithm } from '@tessera/protocol';
import type { ApiResource } from './api-resource.js';
import { ApiScope } from './api-scope.js';
import type { AuthorizationDetailType } from './authorization-detail-type.js';
import type { IdentityResource } from './identity-resource.js';

/** What one set of scopes comes to. */
export interface ScopeMeaning {
  /** Those of the scopes that a token carries: not those of resources that it is not for. */
  readonly scopes: readonly string[];
  /** Names of the API resources that list one of the scopes: the audience. */
  readonly audiences: readonly string[];
  /** Types of the authorization details that a token carries (RFC 9396 §9.1): not those of resources that it is not for. */
  readonly detailTypes: ReadonlySet<string>;
  /** User claims that the access token carries. */
  readonly accessTokenClaims: ReadonlySet<string>;
  /** User claims that only other scopes or resources open up: the access token must not carry them. */
  readonly withheldClaims: ReadonlySet<string>;
  /** User claims of the identity scopes: for the id_token and userinfo. */
  readonly identityClaims: ReadonlySet<string>;
  /** The algorithms every addressed API understands, best first; undefined where none of them says. */
  readonly accessTokenAlgorithms: readonly SigningAlgorithm[] | undefined;
  /** Those of the addressed APIs that take encrypted access tokens alone. */
  readonly encryptedFor: readonly ApiResource[];
}

const maxMeanings = 10_000;

/** Everything that can be asked for, indexed once: immutable, replaced as a whole when the configuration changes. */
export class ResourceCatalogue {
  readonly identityResources: ReadonlyMap<string, IdentityResource>;
  readonly apiScopes: ReadonlyMap<string, ApiScope>;
  readonly apiResources: ReadonlyMap<string, ApiResource>;
  readonly authorizationDetailTypes: ReadonlyMap<string, AuthorizationDetailType>;
  private readonly apiClaims: ReadonlySet<string>;
  private readonly resourcesOfScope = new Map<string, ApiResource[]>();
  private readonly meanings = new Map<string, ScopeMeaning>();

  constructor(
    identityResources: readonly IdentityResource[],
    apiScopes: readonly ApiScope[],
    apiResources: readonly ApiResource[],
    detailTypes: readonly AuthorizationDetailType[] = [],
  ) {
    this.identityResources = byName(identityResources.filter(({ enabled }) => enabled));
    this.apiResources = byName(apiResources.filter(({ enabled }) => enabled));
    this.apiScopes = byName([...ownScopes(apiResources, apiScopes), ...apiScopes].filter(({ enabled }) => enabled));
    const enabledTypes = detailTypes.filter(({ enabled }) => enabled);
    this.authorizationDetailTypes = new Map(enabledTypes.map((one) => [one.type, one]));
    const described = [...this.apiResources.values(), ...this.apiScopes.values()];
    this.apiClaims = new Set(described.flatMap(({ userClaims }) => userClaims));
    for (const resource of this.apiResources.values()) {
      for (const scope of resource.scopes) {
        const resources = this.resourcesOfScope.get(scope) ?? [];
        resources.push(resource);
        this.resourcesOfScope.set(scope, resources);
      }
    }
  }

  isIdentityScope(scope: string): boolean {
    return this.identityResources.has(scope);
  }

  isApiScope(scope: string): boolean {
    return this.apiScopes.has(scope);
  }

  /** The enabled resources that list one of the scopes, or that one of the types of authorization details belongs to. */
  resourcesOf(scopes: readonly string[], detailTypes: readonly string[] = []): ApiResource[] {
    const ofDetails = detailTypes.map((type) => this.apiResources.get(this.ownerOf(type) ?? ''));
    const ofScopes = scopes.flatMap((scope) => this.resourcesOfScope.get(scope) ?? []);
    return [...new Set([...ofScopes, ...ofDetails.filter((resource) => resource !== undefined)])];
  }

  /** Whether details of the type say something to a resource: those of its own types and of types that belong to none (RFC 9396 §9.1). */
  isDetailFor(type: string, resource: string): boolean {
    const found = this.authorizationDetailTypes.get(type);
    return found !== undefined && (found.resource ?? resource) === resource;
  }

  /**
   * Audiences and claims of a set of scopes, narrowed to the named resources where a request names some (RFC 8707).
   * Computed once for each set that clients really use.
   * @param detailTypes of the authorization details beside the scopes
   */
  meaningOf(
    scopes: readonly string[],
    resources?: readonly string[],
    detailTypes: readonly string[] = [],
  ): ScopeMeaning {
    const key =
      resources || detailTypes.length > 0
        ? `${scopes.join(' ')}\n${resources ? `only ${resources.join(' ')}` : ''}\n${detailTypes.join(' ')}`
        : scopes.join(' ');
    const known = this.meanings.get(key);
    if (known) return known;
    const meaning = this.compute(scopes, resources, detailTypes);
    // The sets are those that clients are allowed, so they are few; the bound only stops a hostile mixture of them.
    if (this.meanings.size < maxMeanings) this.meanings.set(key, meaning);
    return meaning;
  }

  private compute(
    asked: readonly string[],
    named: readonly string[] | undefined,
    types: readonly string[],
  ): ScopeMeaning {
    // What insists on being named is left out of a request that does not name it (RFC 8707 §2).
    const resources = this.resourcesOf(asked, types).filter((resource) =>
      named ? named.includes(resource.name) : !resource.requireResourceIndicator,
    );
    const scopes = asked.filter((scope) => this.isFor(scope, resources));
    const accessTokenClaims = new Set(resources.flatMap(({ userClaims }) => userClaims));
    const identityClaims = new Set<string>();
    for (const scope of scopes) {
      this.identityResources.get(scope)?.userClaims.forEach((claim) => identityClaims.add(claim));
      this.apiScopes.get(scope)?.userClaims.forEach((claim) => accessTokenClaims.add(claim));
    }
    return {
      scopes,
      audiences: resources.map(({ name }) => name),
      detailTypes: new Set(types.filter((type) => this.isOneFor(type, resources))),
      accessTokenClaims,
      withheldClaims: new Set([...this.apiClaims].filter((claim) => !accessTokenClaims.has(claim))),
      identityClaims,
      accessTokenAlgorithms: commonAlgorithms(resources),
      encryptedFor: resources.filter(({ accessTokenEncryptionAlg }) => accessTokenEncryptionAlg !== undefined),
    };
  }

  private isOneFor(type: string, resources: readonly ApiResource[]): boolean {
    const found = this.authorizationDetailTypes.get(type);
    if (!found) return false;
    return found.resource === undefined || resources.some(({ name }) => name === found.resource);
  }

  private ownerOf(type: string): string | undefined {
    return this.authorizationDetailTypes.get(type)?.resource;
  }

  /** RFC 8707 §2.2: a token for some resources carries no scope of others, and nothing that such a scope opens up. */
  private isFor(scope: string, resources: readonly ApiResource[]): boolean {
    const owners = this.resourcesOfScope.get(scope);
    return owners === undefined || owners.some((owner) => resources.includes(owner));
  }
}

/** An ApiResource whose scope of its own name is declared nowhere else brings that scope along. */
function ownScopes(resources: readonly ApiResource[], scopes: readonly ApiScope[]): ApiScope[] {
  const declared = new Set(scopes.map(({ name }) => name));
  return resources
    .filter(({ name, scopes: listed }) => listed.includes(name) && !declared.has(name))
    .map(
      ({ name, displayName, description, enabled, showInDiscoveryDocument }) =>
        new ApiScope(name, displayName, { description, enabled, showInDiscoveryDocument }),
    );
}

function commonAlgorithms(resources: readonly ApiResource[]): readonly SigningAlgorithm[] | undefined {
  const [first, ...others] = resources
    .map((resource) => resource.allowedAccessTokenSigningAlgorithms)
    .filter((algorithms) => algorithms.length > 0);
  return first?.filter((algorithm) => others.every((algorithms) => algorithms.includes(algorithm)));
}

function byName<T extends { name: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.name, item]));
}
