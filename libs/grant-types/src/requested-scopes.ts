import { Injectable } from '@nestjs/common';
import { OAuthError, Scopes } from '@tessera/protocol';
import { type Client, type RequestedClaims, type ResourceCatalogue, ResourceStore } from '@tessera/resource-model';

/** What a request asks for, as it came. */
export interface ScopeRequest {
  readonly scope?: string;
  readonly resource?: readonly string[];
}

/** What of it is granted. */
export interface GrantedScopes {
  readonly scopes: readonly string[];
  readonly resources?: readonly string[];
}

/** Which scopes a request may have: those that exist, that its client lists, and that fit the kind of grant. */
@Injectable()
export class RequestedScopes {
  constructor(private readonly resources: ResourceStore) {}

  /** For a client that acts for itself. Asking for none means every API scope it is allowed. */
  async forClient(client: Client, request: ScopeRequest): Promise<GrantedScopes> {
    const catalogue = await this.resources.catalogue();
    const scopes = parseScopes(request.scope) ?? client.allowedScopes.filter((scope) => catalogue.isApiScope(scope));
    for (const scope of scopes) {
      if (catalogue.isIdentityScope(scope) || scope === Scopes.offlineAccess) {
        throw new OAuthError(
          'invalid_scope',
          `Scope '${scope}' is about a person: a client acting for itself has none.`,
        );
      }
    }
    return grant(client, catalogue, scopes, request.resource);
  }

  /** For a person. Asking for none means every scope the client is allowed, without offline_access. */
  async forPerson(client: Client, request: ScopeRequest): Promise<GrantedScopes> {
    const catalogue = await this.resources.catalogue();
    const scopes = parseScopes(request.scope) ?? client.allowedScopes.filter((scope) => exists(catalogue, scope));
    return grant(client, catalogue, scopes, request.resource);
  }

  /** The claims about a person that a client may ask for one by one: those of the identity scopes that it is allowed (OpenID Connect Core §5.5). */
  async claimsOpenTo({ allowedScopes }: Client): Promise<ReadonlySet<string>> {
    const { identityResources } = await this.resources.catalogue();
    return new Set(allowedScopes.flatMap((scope) => identityResources.get(scope)?.userClaims ?? []));
  }

  /** For a refresh: of the claims that were asked for one by one, those that the client may still see. */
  async claimsAgain(client: Client, requested: RequestedClaims): Promise<RequestedClaims> {
    const open = await this.claimsOpenTo(client);
    const still = (names: readonly string[]) => names.filter((name) => open.has(name));
    return { idToken: still(requested.idToken), userinfo: still(requested.userinfo) };
  }

  /** For a refresh: what was granted before and still may be; asking may narrow it, never widen (RFC 6749 §6, RFC 8707 §2.2). */
  async again(client: Client, granted: GrantedScopes, request: ScopeRequest): Promise<GrantedScopes> {
    const catalogue = await this.resources.catalogue();
    const asked = parseScopes(request.scope);
    const wider = asked?.find((scope) => !granted.scopes.includes(scope));
    if (wider !== undefined) {
      throw new OAuthError('invalid_scope', `Scope '${wider}' was not granted when the refresh token was issued.`);
    }
    const scopes = asked ?? granted.scopes.filter((scope) => isAllowed(client, catalogue, scope));
    const named = request.resource ?? [];
    const other = named.find((resource) => granted.resources && !granted.resources.includes(resource));
    if (other !== undefined) {
      throw new OAuthError('invalid_target', `Resource '${other}' was not granted when the refresh token was issued.`);
    }
    const again = grant(client, catalogue, scopes, named);
    // Of the resources that were named at first, those that the scopes still reach.
    if (named.length > 0 || !granted.resources) return again;
    const reached = catalogue.resourcesOf(scopes).map(({ name }) => name);
    return { ...again, resources: granted.resources.filter((resource) => reached.includes(resource)) };
  }
}

/** RFC 6749 §3.3: names separated by spaces; a name twice counts once. */
function parseScopes(scope: string | undefined): string[] | undefined {
  if (scope === undefined) return undefined;
  const scopes = [...new Set(scope.split(' ').filter((name) => name !== ''))];
  return scopes.length > 0 ? scopes : undefined;
}

function grant(
  client: Client,
  catalogue: ResourceCatalogue,
  scopes: readonly string[],
  resources: readonly string[] | undefined,
): GrantedScopes {
  const refused = scopes.find((scope) => !isAllowed(client, catalogue, scope));
  if (refused !== undefined) {
    throw new OAuthError('invalid_scope', `Scope '${refused}' is unknown or not allowed for this client.`);
  }
  if (scopes.length === 0) {
    throw new OAuthError('invalid_scope', 'No scope was asked for, and the client has none that could be granted.');
  }
  return resources === undefined || resources.length === 0
    ? { scopes }
    : { scopes, resources: reachable(catalogue, scopes, resources) };
}

/** RFC 8707 §2: a resource that is unknown, or that none of the scopes belongs to, is `invalid_target`. */
function reachable(catalogue: ResourceCatalogue, scopes: readonly string[], resources: readonly string[]): string[] {
  const known = new Set(catalogue.resourcesOf(scopes).map(({ name }) => name));
  const missing = resources.find((resource) => !known.has(resource));
  if (missing !== undefined) {
    throw new OAuthError('invalid_target', `Resource '${missing}' is unknown, or none of the scopes belongs to it.`);
  }
  return [...new Set(resources)].sort();
}

function exists(catalogue: ResourceCatalogue, scope: string): boolean {
  return catalogue.isApiScope(scope) || catalogue.isIdentityScope(scope);
}

function isAllowed(client: Client, catalogue: ResourceCatalogue, scope: string): boolean {
  return scope === Scopes.offlineAccess
    ? client.allowOfflineAccess
    : client.allowedScopes.includes(scope) && exists(catalogue, scope);
}
