import { GrantTypes, Scopes } from '@tessera/protocol';
import type { MetadataContext } from './metadata-member.js';

/** The scopes that a client may have by its policy, of those that there are. */
export function registrableScopes({ policy, catalogue }: Pick<MetadataContext, 'policy' | 'catalogue'>): string[] {
  const known = [...catalogue.identityResources.keys(), ...catalogue.apiScopes.keys()];
  return known.filter((scope) => isListed(scope) && isWithinResources(scope));

  function isListed(scope: string): boolean {
    return policy.scopes?.includes(scope) ?? (catalogue.isIdentityScope(scope) || policy.resources !== undefined);
  }

  function isWithinResources(scope: string): boolean {
    if (catalogue.isIdentityScope(scope) || policy.resources === undefined) return true;
    const owners = catalogue.resourcesOf([scope]);
    return owners.length > 0 && owners.every(({ name }) => policy.resources!.includes(name));
  }
}

/** It may have them by its policy, and asks for them by grant type or by scope. */
export function mayHaveRefreshTokens({ policy, sent }: MetadataContext, scopes: readonly string[]): boolean {
  if (!policy.grantTypes.includes(GrantTypes.refreshToken)) return false;
  const asked = Array.isArray(sent.grant_types) && sent.grant_types.includes(GrantTypes.refreshToken);
  return asked || scopes.includes(Scopes.offlineAccess);
}
