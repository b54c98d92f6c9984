import { Injectable } from '@nestjs/common';
import { OAuthError } from '@tessera/protocol';
import { type Client, type ResourceCatalogue, ResourceStore } from '@tessera/resource-model';
import { parseScopes } from './scope-list.js';

/** What may come of a token or an assertion that a client presents. */
export interface OpenAccess {
  /** The scopes, at the most. */
  readonly scopes: readonly string[];
  /** The APIs, at the most; none: whichever the scopes belong to. */
  readonly audiences?: readonly string[];
}

/** What the client asks for of it. */
export interface AccessRequest {
  readonly scope?: string;
  /** Names of API resources: `audience` (RFC 8693 §2.1) and `resource` (RFC 8707 §2). */
  readonly resources: readonly string[];
}

/** What it gets of it: always for named APIs. */
export interface DerivedScopes {
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
}

/**
 * What a client may have for a person who is not there: access to APIs. Never an identity scope and never `offline_access`, so that nothing but an access
 * token comes of it.
 */
@Injectable()
export class AccessDerivation {
  constructor(private readonly resources: ResourceStore) {}

  /** @throws OAuthError `invalid_target`, `invalid_scope` */
  async derive(client: Client, open: OpenAccess, { scope, resources: named }: AccessRequest): Promise<DerivedScopes> {
    const catalogue = await this.resources.catalogue();
    const isOpen = (name: string) => catalogue.apiResources.has(name) && (open.audiences?.includes(name) ?? true);
    const closed = named.find((name) => !isOpen(name));
    if (closed !== undefined) {
      throw new OAuthError('invalid_target', `'${closed}' is no API that the client may have a token for in this way.`);
    }
    const wanted = scopesOf(client, catalogue, open.scopes, parseScopes(scope));
    const targets = named.length > 0 ? named : ofThemselves(catalogue, wanted).filter(isOpen);
    if (targets.length === 0) throw new OAuthError('invalid_target', 'No API is left that a token could be for.');
    return reached(catalogue, wanted, targets);
  }
}

function scopesOf(
  { allowedScopes }: Client,
  catalogue: ResourceCatalogue,
  open: readonly string[],
  asked: readonly string[] | undefined,
): readonly string[] {
  const possible = open.filter((scope) => allowedScopes.includes(scope) && catalogue.isApiScope(scope));
  const wider = asked?.find((scope) => !possible.includes(scope));
  if (wider !== undefined) {
    throw new OAuthError('invalid_scope', `Scope '${wider}' cannot come of what was presented, for this client.`);
  }
  if (possible.length === 0) {
    throw new OAuthError('invalid_scope', 'Nothing that was presented opens a scope of an API to this client.');
  }
  return asked ?? possible;
}

/** The APIs of the scopes, without those that insist on being named (RFC 8707 §2). */
function ofThemselves(catalogue: ResourceCatalogue, scopes: readonly string[]): string[] {
  const resources = catalogue.resourcesOf(scopes).filter(({ requireResourceIndicator }) => !requireResourceIndicator);
  return resources.map(({ name }) => name);
}

/** The scopes that belong to one of the APIs; each API has one of them (RFC 8707 §2). */
function reached(catalogue: ResourceCatalogue, wanted: readonly string[], targets: readonly string[]): DerivedScopes {
  const isOf = (name: string) => (scope: string) => catalogue.apiResources.get(name)?.scopes.includes(scope) === true;
  const missing = targets.find((name) => !wanted.some(isOf(name)));
  if (missing !== undefined) {
    throw new OAuthError('invalid_target', `None of the scopes that the token can have belongs to '${missing}'.`);
  }
  const scopes = wanted.filter((scope) => targets.some((name) => isOf(name)(scope)));
  return { scopes, resources: [...new Set(targets)].sort() };
}
