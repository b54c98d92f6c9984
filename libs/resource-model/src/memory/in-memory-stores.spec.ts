import { describe } from '@jest/globals';
import {
  authorizationCodeStoreContract,
  consentStoreContract,
  interactionStoreContract,
  pairwiseSubjectStoreContract,
  sessionStoreContract,
  deviceAuthorizationStoreContract,
  knownDeviceStoreContract,
  logoutNoticeStoreContract,
  referenceTokenStoreContract,
  refreshTokenStoreContract,
  revokedTokenStoreContract,
  signingKeyStoreContract,
} from '../testing/index.js';
import { InMemoryAuthorizationCodeStore } from './in-memory-authorization-code.store.js';
import { InMemoryConsentStore } from './in-memory-consent.store.js';
import { InMemoryInteractionStore } from './in-memory-interaction.store.js';
import { InMemoryPairwiseSubjectStore } from './in-memory-pairwise-subject.store.js';
import { InMemorySessionStore } from './in-memory-session.store.js';
import { InMemoryDeviceAuthorizationStore } from './in-memory-device-authorization.store.js';
import { InMemoryKnownDeviceStore } from './in-memory-known-device.store.js';
import { InMemoryLogoutNoticeStore } from './in-memory-logout-notice.store.js';
import { InMemoryReferenceTokenStore } from './in-memory-reference-token.store.js';
import { InMemoryRefreshTokenStore } from './in-memory-refresh-token.store.js';
import { InMemoryRevokedTokenStore } from './in-memory-revoked-token.store.js';
import { InMemorySigningKeyStore } from './in-memory-signing-key.store.js';

describe('InMemoryRefreshTokenStore', () => refreshTokenStoreContract(async () => new InMemoryRefreshTokenStore()));
describe('InMemoryReferenceTokenStore', () =>
  referenceTokenStoreContract(async () => new InMemoryReferenceTokenStore()));
describe('InMemoryRevokedTokenStore', () => revokedTokenStoreContract(async () => new InMemoryRevokedTokenStore()));
describe('InMemoryKnownDeviceStore', () => knownDeviceStoreContract(async () => new InMemoryKnownDeviceStore()));
describe('InMemoryLogoutNoticeStore', () => logoutNoticeStoreContract(async () => new InMemoryLogoutNoticeStore()));
describe('InMemorySigningKeyStore', () => signingKeyStoreContract(async () => new InMemorySigningKeyStore()));
describe('InMemoryDeviceAuthorizationStore', () =>
  deviceAuthorizationStoreContract(async () => new InMemoryDeviceAuthorizationStore()));
describe('InMemoryAuthorizationCodeStore', () =>
  authorizationCodeStoreContract(async () => new InMemoryAuthorizationCodeStore()));
describe('InMemorySessionStore', () => sessionStoreContract(async () => new InMemorySessionStore()));
describe('InMemoryInteractionStore', () => interactionStoreContract(async () => new InMemoryInteractionStore()));
describe('InMemoryConsentStore', () => consentStoreContract(async () => new InMemoryConsentStore()));
describe('InMemoryPairwiseSubjectStore', () =>
  pairwiseSubjectStoreContract(async () => new InMemoryPairwiseSubjectStore()));
