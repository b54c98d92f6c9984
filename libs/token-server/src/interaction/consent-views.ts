import { Injectable } from '@nestjs/common';
import { Scopes } from '@tessera/protocol';
import { type AuthorizationDetail, type Consent, type ResourceCatalogue, ResourceStore } from '@tessera/resource-model';
import { detailViews } from './detail-views.js';
import type { ConsentView, ScopeView } from './views.js';

/** What a client asks for. */
type Asked = Pick<Consent, 'scopes' | 'claims'> & { readonly details?: readonly AuthorizationDetail[] };

/** What scopes mean, in the words of whoever configured them. */
@Injectable()
export class ConsentViews {
  constructor(private readonly resources: ResourceStore) {}

  async of({ scopes, claims, details }: Asked, canBeRemembered: boolean): Promise<ConsentView> {
    const catalogue = await this.resources.catalogue();
    const views = (isWanted: (scope: string) => boolean) =>
      scopes.filter(isWanted).map((scope) => viewOf(catalogue, scope));
    return {
      identity: views((scope) => catalogue.isIdentityScope(scope)),
      api: views((scope) => catalogue.isApiScope(scope)),
      offlineAccess: views((scope) => scope === Scopes.offlineAccess)[0],
      claims,
      details: detailViews(catalogue, details),
      canBeRemembered,
    };
  }

  /** As {@link of}, in one list; scopes that are gone meanwhile are left out. */
  async list(scopes: readonly string[]): Promise<readonly ScopeView[]> {
    const catalogue = await this.resources.catalogue();
    const isThere = (scope: string) =>
      scope === Scopes.offlineAccess || catalogue.isApiScope(scope) || catalogue.isIdentityScope(scope);
    return scopes.filter(isThere).map((scope) => viewOf(catalogue, scope));
  }

  /** Those of the scopes asked for that a person agreed to: required ones always (OpenID Connect Core §3.1.2.1: openid is). */
  async agreed(asked: readonly string[], chosen: readonly string[]): Promise<readonly string[]> {
    const catalogue = await this.resources.catalogue();
    return asked.filter((scope) => chosen.includes(scope) || viewOf(catalogue, scope).required);
  }
}

function viewOf(catalogue: ResourceCatalogue, scope: string): ScopeView {
  const found = catalogue.identityResources.get(scope) ?? catalogue.apiScopes.get(scope);
  const resources = catalogue.resourcesOf([scope]).map(({ displayName, name }) => displayName ?? name);
  return {
    name: scope,
    displayName: found?.displayName,
    description: found?.description,
    required: scope === Scopes.openid || (found?.required ?? false),
    emphasize: found?.emphasize ?? false,
    resources,
  };
}
