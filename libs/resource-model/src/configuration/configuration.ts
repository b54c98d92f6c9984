import type { ApiResource } from '../api-resource.js';
import type { ApiScope } from '../api-scope.js';
import type { AuthorizationDetailType } from '../authorization-detail-type.js';
import type { Client } from '../client.js';
import type { IdentityResource } from '../identity-resource.js';
import type { User } from '../user.js';

/** What a token server knows before the first request. */
export interface Configuration {
  readonly clients: readonly Client[];
  readonly apiResources: readonly ApiResource[];
  readonly apiScopes: readonly ApiScope[];
  readonly identityResources: readonly IdentityResource[];
  readonly authorizationDetailTypes: readonly AuthorizationDetailType[];
  readonly users: readonly User[];
}
