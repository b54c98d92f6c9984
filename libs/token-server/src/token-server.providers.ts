// The parts of the engine: a list to read, each part once.
import type { Provider } from '@nestjs/common';
import { GrantTypes } from '@tessera/protocol';
import {
  ClientCredentialsGrant,
  type Grant,
  GrantRegistry,
  PasswordGrant,
  ProfileService,
  RefreshTokenGrant,
  RequestedScopes,
  ResourceOwnerPasswordValidator,
  ReuseDetection,
  TokenFamilies,
} from '@tessera/grant-types';
import {
  ClientStore,
  Clock,
  InMemoryClientStore,
  InMemoryReferenceTokenStore,
  InMemoryRefreshTokenStore,
  InMemoryResourceStore,
  InMemoryRevokedTokenStore,
  InMemorySigningKeyStore,
  InMemoryUserStore,
  ReferenceTokenStore,
  RefreshTokenStore,
  ResourceCatalogue,
  ResourceStore,
  RevokedTokenStore,
  SigningKeyStore,
  SystemClock,
  UserStore,
} from '@tessera/resource-model';
import { AllowedOrigins } from './clients/allowed-origins.js';
import { CallerAuthenticator } from './clients/caller-authenticator.js';
import { ClientAuthenticator } from './clients/client-authenticator.js';
import { DiscoveryDocument } from './endpoints/discovery/discovery-document.js';
import { Introspection } from './endpoints/introspection/introspection.js';
import { Revocation } from './endpoints/revocation/revocation.js';
import { Userinfo } from './endpoints/userinfo/userinfo.js';
import { GrantCheck } from './grant-check.js';
import { Housekeeping } from './housekeeping.js';
import { KeyRing } from './keys/key-ring.js';
import { UserClaimsProfile } from './resources/user-claims.profile.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from './token-server.options.js';
import { AccessTokenReader } from './tokens/access-token.reader.js';
import { AccessTokenWriter } from './tokens/access-token.writer.js';
import { IdentityTokenWriter } from './tokens/identity-token.writer.js';
import { RefreshTokenWriter } from './tokens/refresh-token.writer.js';
import { TokenIssuer } from './tokens/token-issuer.js';

type GrantClass = new (...dependencies: never[]) => Grant;

/** What is configured and what is issued, kept in memory: the configuration is there again after a restart, the rest is not. */
export const inMemoryStores: Provider[] = [
  configured(ClientStore, ({ clients }) => new InMemoryClientStore(clients)),
  configured(UserStore, ({ users }) => new InMemoryUserStore(users)),
  configured(
    ResourceStore,
    ({ identityResources, apiScopes, apiResources }) =>
      new InMemoryResourceStore(new ResourceCatalogue(identityResources, apiScopes, apiResources)),
  ),
  { provide: RefreshTokenStore, useClass: InMemoryRefreshTokenStore },
  { provide: ReferenceTokenStore, useClass: InMemoryReferenceTokenStore },
  { provide: RevokedTokenStore, useClass: InMemoryRevokedTokenStore },
  { provide: SigningKeyStore, useClass: InMemorySigningKeyStore },
];

/** The rules: who is calling, what is granted, which tokens come of it. */
export const engine: Provider[] = [
  { provide: Clock, useClass: SystemClock },
  { provide: ProfileService, useClass: UserClaimsProfile },
  KeyRing,
  AllowedOrigins,
  ClientAuthenticator,
  CallerAuthenticator,
  RequestedScopes,
  TokenFamilies,
  ReuseDetection,
  AccessTokenWriter,
  IdentityTokenWriter,
  RefreshTokenWriter,
  TokenIssuer,
  AccessTokenReader,
  Userinfo,
  Introspection,
  Revocation,
  DiscoveryDocument,
  GrantCheck,
  Housekeeping,
];

/** The types of the built-in grants, for whoever checks a configuration before there is a server. */
export const builtInGrantTypes = [GrantTypes.clientCredentials, GrantTypes.password, GrantTypes.refreshToken] as const;

const builtInGrants = [
  ClientCredentialsGrant,
  {
    // Only where somebody checks passwords is there a password grant.
    provide: PasswordGrant,
    inject: [{ token: ResourceOwnerPasswordValidator, optional: true }, ProfileService, RequestedScopes, Clock],
    useFactory: (
      validator: ResourceOwnerPasswordValidator | undefined,
      ...others: [ProfileService, RequestedScopes, Clock]
    ) => validator && new PasswordGrant(validator, ...others),
  },
  RefreshTokenGrant,
];

/** The grants: the built-in ones, then those of the application. */
export function grantProviders(own: readonly GrantClass[]): Provider[] {
  const grants = [...builtInGrants, ...own];
  return [
    ...grants,
    {
      provide: GrantRegistry,
      inject: grants.map((grant) => (typeof grant === 'function' ? grant : grant.provide)),
      useFactory: (...known: (Grant | undefined)[]) => new GrantRegistry(known.filter((grant) => grant !== undefined)),
    },
  ];
}

function configured<T>(
  store: abstract new () => T,
  create: (configuration: ResolvedOptions['configuration']) => T,
): Provider {
  return {
    provide: store,
    inject: [TOKEN_SERVER_OPTIONS],
    useFactory: ({ configuration }: ResolvedOptions) => create(configuration),
  };
}
