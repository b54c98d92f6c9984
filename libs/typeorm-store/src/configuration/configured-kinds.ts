import {
  ApiResource,
  ApiScope,
  AuthorizationDetailType,
  type DetailSchema,
  IdentityResource,
  normalizeUsername,
  Secret,
  User,
} from '@tessera/resource-model';
import {
  apiResourceSchema,
  apiScopeSchema,
  authorizationDetailTypeSchema,
  type ConfiguredItem,
  identityResourceSchema,
} from '../schema/configured-item.schema.js';
import { type UserRow, userSchema } from '../schema/user.schema.js';
import { ConfiguredKind } from './configured-kind.js';

export const apiResourceKind = new ConfiguredKind<ApiResource>('api_resource', apiResourceSchema, {
  toRow: nameToRow,
  fromRow: ({ key, enabled, data }) => {
    const { displayName, apiSecrets = [], ...others } = data as Partial<ApiResource>;
    return new ApiResource(key, displayName, { ...others, enabled, apiSecrets: apiSecrets.map(toSecret) });
  },
});

export const apiScopeKind = new ConfiguredKind<ApiScope>('api_scope', apiScopeSchema, {
  toRow: nameToRow,
  fromRow: ({ key, enabled, data }) => {
    const { displayName, ...others } = data as Partial<ApiScope>;
    return new ApiScope(key, displayName, { ...others, enabled });
  },
});

export const identityResourceKind = new ConfiguredKind<IdentityResource>('identity_resource', identityResourceSchema, {
  toRow: nameToRow,
  fromRow: ({ key, enabled, data }) => {
    const { userClaims = [], ...others } = data as Partial<IdentityResource>;
    return new IdentityResource(key, userClaims, { ...others, enabled });
  },
});

export const authorizationDetailTypeKind = new ConfiguredKind<AuthorizationDetailType>(
  'authorization_detail_type',
  authorizationDetailTypeSchema,
  {
    toRow: ({ type: key, enabled, ...data }) => ({ key, enabled, data }),
    fromRow: ({ key: type, enabled, data }) =>
      new AuthorizationDetailType({ ...(data as { readonly schema: DetailSchema }), type, enabled }),
  },
);

export const userKind = new ConfiguredKind<User, UserRow>(
  'user',
  userSchema,
  {
    toRow: ({ subject: key, enabled, passwordHash, ...data }) => ({
      key,
      enabled,
      data,
      username: normalizeUsername(data.username),
      passwordHash,
      declaredPasswordHash: passwordHash,
    }),
    fromRow: ({ key: subject, enabled, passwordHash, data }) =>
      new User({ ...(data as Pick<User, 'username' | 'claims'>), subject, enabled, passwordHash }),
  },
  [
    'username = excluded.username',
    // What the person, or a renewal of the hash, made of the password stays as long as the file says the same as before.
    `password_hash = CASE WHEN users.declared_password_hash IS NOT DISTINCT FROM excluded.declared_password_hash
      THEN users.password_hash ELSE excluded.password_hash END`,
    'declared_password_hash = excluded.declared_password_hash',
  ],
);

function nameToRow({ name: key, enabled, ...data }: ApiResource | ApiScope | IdentityResource): ConfiguredItem {
  return { key, enabled, data };
}

export function toSecret({ value, ...others }: Secret): Secret {
  return new Secret(value, others);
}
