// Where things are kept unless an application brings stores of its own: in memory.
import type { ClassProvider, FactoryProvider } from '@nestjs/common';
import {
  AuthorizationCodeStore,
  BackchannelAuthenticationStore,
  ClientStore,
  Clock,
  ConsentStore,
  DeviceAuthorizationStore,
  InMemoryAuthorizationCodeStore,
  InMemoryBackchannelAuthenticationStore,
  InMemoryClientStore,
  InMemoryConsentStore,
  InMemoryDeviceAuthorizationStore,
  InMemoryInteractionStore,
  InMemoryKnownDeviceStore,
  InMemoryLogoutNoticeStore,
  InMemoryPairwiseSubjectStore,
  InMemoryPushedRequestStore,
  InMemoryReferenceTokenStore,
  InMemoryRefreshTokenStore,
  InMemoryRegisteredClientStore,
  InMemoryResourceStore,
  InMemoryRevokedTokenStore,
  InMemorySessionStore,
  InMemorySignInAttempts,
  InMemorySigningKeyStore,
  InMemoryUsedIdStore,
  InMemoryUserStore,
  InteractionStore,
  KnownDeviceStore,
  LogoutNoticeStore,
  PairwiseSubjectStore,
  PushedRequestStore,
  ReferenceTokenStore,
  RefreshTokenStore,
  RegisteredClientStore,
  ResourceCatalogue,
  ResourceStore,
  RevokedTokenStore,
  SessionStore,
  SignInAttempts,
  SigningKeyStore,
  UsedIdStore,
  UserStore,
} from '@tessera/resource-model';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from './token-server.options.js';

/** What is configured and what is issued, kept in memory: the configuration is there again after a restart, the rest is not. */
export const inMemoryStores: readonly (ClassProvider | FactoryProvider)[] = [
  configured(ClientStore, ({ clients }) => new InMemoryClientStore(clients)),
  configured(UserStore, ({ users }) => new InMemoryUserStore(users)),
  configured(
    ResourceStore,
    ({ identityResources, apiScopes, apiResources, authorizationDetailTypes }) =>
      new InMemoryResourceStore(
        new ResourceCatalogue(identityResources, apiScopes, apiResources, authorizationDetailTypes),
      ),
  ),
  { provide: RefreshTokenStore, useClass: InMemoryRefreshTokenStore },
  { provide: ReferenceTokenStore, useClass: InMemoryReferenceTokenStore },
  { provide: RevokedTokenStore, useClass: InMemoryRevokedTokenStore },
  { provide: RegisteredClientStore, useClass: InMemoryRegisteredClientStore },
  { provide: SigningKeyStore, useClass: InMemorySigningKeyStore },
  { provide: AuthorizationCodeStore, useClass: InMemoryAuthorizationCodeStore },
  { provide: SessionStore, useClass: InMemorySessionStore },
  { provide: InteractionStore, useClass: InMemoryInteractionStore },
  { provide: PushedRequestStore, useClass: InMemoryPushedRequestStore },
  { provide: ConsentStore, useClass: InMemoryConsentStore },
  { provide: KnownDeviceStore, useClass: InMemoryKnownDeviceStore },
  { provide: DeviceAuthorizationStore, useClass: InMemoryDeviceAuthorizationStore },
  { provide: BackchannelAuthenticationStore, useClass: InMemoryBackchannelAuthenticationStore },
  { provide: LogoutNoticeStore, useClass: InMemoryLogoutNoticeStore },
  { provide: PairwiseSubjectStore, useClass: InMemoryPairwiseSubjectStore },
  { provide: UsedIdStore, useClass: InMemoryUsedIdStore },
  { provide: SignInAttempts, inject: [Clock], useFactory: (clock: Clock) => new InMemorySignInAttempts(clock) },
];

/** What ends by itself, and is swept away then. */
export const expiring = [
  RefreshTokenStore,
  ReferenceTokenStore,
  RevokedTokenStore,
  AuthorizationCodeStore,
  SessionStore,
  InteractionStore,
  PushedRequestStore,
  ConsentStore,
  KnownDeviceStore,
  DeviceAuthorizationStore,
  BackchannelAuthenticationStore,
  LogoutNoticeStore,
  UsedIdStore,
  RegisteredClientStore,
];

function configured<T>(
  store: abstract new () => T,
  create: (configuration: ResolvedOptions['configuration']) => T,
): FactoryProvider {
  return {
    provide: store,
    inject: [TOKEN_SERVER_OPTIONS],
    useFactory: ({ configuration }: ResolvedOptions) => create(configuration),
  };
}
