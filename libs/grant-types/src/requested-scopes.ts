import { Injectable } from '@nestjs/common';
import { OAuthError, Scopes } from '@tessera/protocol';
import {
  type AuthorizationDetail,
  type Client,
  type RequestedClaims,
  type ResourceCatalogue,
  ResourceStore,
  typesOf,
} from '@tessera/resource-model';
import { RequestedDetails } from './requested-details.js';
import { parseScopes } from './scope-list.js';

/** What a request asks for, as it came. */
export interface ScopeRequest {
  readonly scope?: string;
  readonly resource?: readonly string[];
  /** A JSON array (RFC 9396 §2). */
  readonly authorizationDetails?: string;
}

/** What of it is granted. */
export interface GrantedScopes {
  readonly scopes: readonly string[];
  readonly resources?: readonly string[];
  readonly details?: readonly AuthorizationDetail[];
}

/** Which scopes, resources and details a request may have: those that exist, that its client lists, and that fit the kind of grant. */
@Injectable()
export class RequestedScopes {
  constructor(
    private readonly resources: ResourceStore,
    private readonly details: RequestedDetails,
  ) {}

  /** For a client that acts for itself. Asking for none, and for no details, means every API scope it is allowed. */
  async forClient(client: Client, request: ScopeRequest): Promise<GrantedScopes> {
    const catalogue = await this.resources.catalogue();
    const details = this.details.read(client, catalogue, request.authorizationDetails);
    const all = () => client.allowedScopes.filter((scope) => catalogue.isApiScope(scope));
    const scopes = parseScopes(request.scope) ?? (details ? [] : all());
    for (const scope of scopes) {
      if (catalogue.isIdentityScope(scope) || scope === Scopes.offlineAccess) {
        throw new OAuthError(
          'invalid_scope',
          `Scope '${scope}' is about a person: a client acting for itself has none.`,
        );
      }
    }
    return grant(client, catalogue, { scopes, details }, request.resource);
  }

  /** For a person. Asking for none, and for no details, means every scope the client is allowed, without offline_access. */
  async forPerson(client: Client, request: ScopeRequest): Promise<GrantedScopes> {
    const catalogue = await this.resources.catalogue();
    const details = this.details.read(client, catalogue, request.authorizationDetails);
    const all = () => client.allowedScopes.filter((scope) => exists(catalogue, scope));
    // RFC 9396 §3: details may stand alone. Whoever says exactly what it wants is not given everything else beside it.
    const scopes = parseScopes(request.scope) ?? (details ? [] : all());
    return grant(client, catalogue, { scopes, details }, request.resource);
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

  /**
   * For tokens that come of an earlier grant, a code or a refresh token: what was granted and still may be; asking may narrow it, never widen (RFC 6749 §6,
   * RFC 8707 §2.2, RFC 9396 §6).
   */
  async again(client: Client, granted: GrantedScopes, request: ScopeRequest): Promise<GrantedScopes> {
    const catalogue = await this.resources.catalogue();
    const asked = parseScopes(request.scope);
    const wider = asked?.find((scope) => !granted.scopes.includes(scope));
    if (wider !== undefined) {
      throw new OAuthError('invalid_scope', `Scope '${wider}' was not granted.`);
    }
    const scopes = asked ?? granted.scopes.filter((scope) => isAllowed(client, catalogue, scope));
    const named = request.resource ?? [];
    const other = named.find((resource) => granted.resources && !granted.resources.includes(resource));
    if (other !== undefined) {
      throw new OAuthError('invalid_target', `Resource '${other}' was not granted.`);
    }
    const details = await this.details.again(client, catalogue, granted.details, request.authorizationDetails);
    const again = grant(client, catalogue, { scopes, details }, named);
    // Of the resources that were named at first, those that the scopes still reach.
    if (named.length > 0 || !granted.resources) return again;
    const reached = catalogue.resourcesOf(scopes, typesOf(details)).map(({ name }) => name);
    return { ...again, resources: granted.resources.filter((resource) => reached.includes(resource)) };
  }
}

function grant(
  client: Client,
  catalogue: ResourceCatalogue,
  { scopes, details = [] }: Omit<GrantedScopes, 'resources'>,
  resources: readonly string[] | undefined,
): GrantedScopes {
  const refused = scopes.find((scope) => !isAllowed(client, catalogue, scope));
  if (refused !== undefined) {
    throw new OAuthError('invalid_scope', `Scope '${refused}' is unknown or not allowed for this client.`);
  }
  if (scopes.length + details.length === 0) {
    throw new OAuthError('invalid_scope', 'No scope was asked for, and the client has none that could be granted.');
  }
  return {
    scopes,
    ...(resources && resources.length > 0 && { resources: reachable(catalogue, { scopes, details }, resources) }),
    ...(details.length > 0 && { details }),
  };
}

/** RFC 8707 §2: a resource that is unknown, or that nothing which is asked for belongs to, is `invalid_target`; so is one with a fragment. */
function reachable(
  catalogue: ResourceCatalogue,
  { scopes, details }: GrantedScopes,
  resources: readonly string[],
): string[] {
  const fragment = resources.find((resource) => resource.includes('#'));
  if (fragment !== undefined) {
    throw new OAuthError('invalid_target', `Resource '${fragment}' has a fragment, which none may have (RFC 8707 §2).`);
  }
  const known = new Set(catalogue.resourcesOf(scopes, typesOf(details)).map(({ name }) => name));
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
