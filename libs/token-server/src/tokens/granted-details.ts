import type { Authorization } from '@tessera/grant-types';
import { type AuthorizationDetail, type ResourceCatalogue, type ScopeMeaning, typesOf } from '@tessera/resource-model';

/** What an authorization comes to: scopes and details together. */
export function meaningIn(catalogue: ResourceCatalogue, { scopes, resources, details }: Authorization): ScopeMeaning {
  return catalogue.meaningOf(scopes, resources, typesOf(details));
}

/** Those of the granted details that the access token is for (RFC 9396 §9.1); undefined: none. */
export function detailsOf(
  { details }: Authorization,
  { detailTypes }: ScopeMeaning,
): readonly AuthorizationDetail[] | undefined {
  const carried = details?.filter(({ type }) => detailTypes.has(type));
  return carried && carried.length > 0 ? carried : undefined;
}
