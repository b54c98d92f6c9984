import { describe } from '@jest/globals';
import { ResourceCatalogue } from '../resource-catalogue.js';
import {
  authorizationCodeStoreContract,
  clientStoreContract,
  consentStoreContract,
  interactionStoreContract,
  pairwiseSubjectStoreContract,
  sessionStoreContract,
  backchannelAuthenticationStoreContract,
  deviceAuthorizationStoreContract,
  knownDeviceStoreContract,
  logoutNoticeStoreContract,
  pushedRequestStoreContract,
  referenceTokenStoreContract,
  refreshTokenStoreContract,
  registeredClientStoreContract,
  resourceStoreContract,
  revokedTokenStoreContract,
  signingKeyStoreContract,
  usedIdStoreContract,
  userStoreContract,
} from '../testing/index.js';
import { InMemoryAuthorizationCodeStore } from './in-memory-authorization-code.store.js';
import { InMemoryClientStore } from './in-memory-client.store.js';
import { InMemoryConsentStore } from './in-memory-consent.store.js';
import { InMemoryInteractionStore } from './in-memory-interaction.store.js';
import { InMemoryPairwiseSubjectStore } from './in-memory-pairwise-subject.store.js';
import { InMemorySessionStore } from './in-memory-session.store.js';
import { InMemoryBackchannelAuthenticationStore } from './in-memory-backchannel-authentication.store.js';
import { InMemoryDeviceAuthorizationStore } from './in-memory-device-authorization.store.js';
import { InMemoryKnownDeviceStore } from './in-memory-known-device.store.js';
import { InMemoryLogoutNoticeStore } from './in-memory-logout-notice.store.js';
import { InMemoryPushedRequestStore } from './in-memory-pushed-request.store.js';
import { InMemoryReferenceTokenStore } from './in-memory-reference-token.store.js';
import { InMemoryRefreshTokenStore } from './in-memory-refresh-token.store.js';
import { InMemoryRegisteredClientStore } from './in-memory-registered-client.store.js';
import { InMemoryResourceStore } from './in-memory-resource.store.js';
import { InMemoryRevokedTokenStore } from './in-memory-revoked-token.store.js';
import { InMemorySigningKeyStore } from './in-memory-signing-key.store.js';
import { InMemoryUsedIdStore } from './in-memory-used-id.store.js';
import { InMemoryUserStore } from './in-memory-user.store.js';

describe('InMemoryRefreshTokenStore', () => refreshTokenStoreContract(async () => new InMemoryRefreshTokenStore()));
describe('InMemoryReferenceTokenStore', () =>
  referenceTokenStoreContract(async () => new InMemoryReferenceTokenStore()));
describe('InMemoryPushedRequestStore', () => pushedRequestStoreContract(async () => new InMemoryPushedRequestStore()));
describe('InMemoryRevokedTokenStore', () => revokedTokenStoreContract(async () => new InMemoryRevokedTokenStore()));
describe('InMemoryKnownDeviceStore', () => knownDeviceStoreContract(async () => new InMemoryKnownDeviceStore()));
describe('InMemoryLogoutNoticeStore', () => logoutNoticeStoreContract(async () => new InMemoryLogoutNoticeStore()));
describe('InMemoryRegisteredClientStore', () =>
  registeredClientStoreContract(async () => new InMemoryRegisteredClientStore()));
describe('InMemorySigningKeyStore', () => signingKeyStoreContract(async () => new InMemorySigningKeyStore()));
describe('InMemoryBackchannelAuthenticationStore', () =>
  backchannelAuthenticationStoreContract(async () => new InMemoryBackchannelAuthenticationStore()));
describe('InMemoryDeviceAuthorizationStore', () =>
  deviceAuthorizationStoreContract(async () => new InMemoryDeviceAuthorizationStore()));
describe('InMemoryAuthorizationCodeStore', () =>
  authorizationCodeStoreContract(async () => new InMemoryAuthorizationCodeStore()));
describe('InMemorySessionStore', () => sessionStoreContract(async () => new InMemorySessionStore()));
describe('InMemoryInteractionStore', () => interactionStoreContract(async () => new InMemoryInteractionStore()));
describe('InMemoryConsentStore', () => consentStoreContract(async () => new InMemoryConsentStore()));
describe('InMemoryPairwiseSubjectStore', () =>
  pairwiseSubjectStoreContract(async () => new InMemoryPairwiseSubjectStore()));
describe('InMemoryUsedIdStore', () => usedIdStoreContract(async () => new InMemoryUsedIdStore()));
describe('InMemoryUserStore', () => userStoreContract(async (users) => new InMemoryUserStore(users)));
describe('InMemoryClientStore', () => clientStoreContract(async (clients) => new InMemoryClientStore(clients)));
describe('InMemoryResourceStore', () =>
  resourceStoreContract(
    async ({ identityResources, apiScopes, apiResources, authorizationDetailTypes }) =>
      new InMemoryResourceStore(
        new ResourceCatalogue(identityResources, apiScopes, apiResources, authorizationDetailTypes),
      ),
  ));
