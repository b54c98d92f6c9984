import { describe } from '@jest/globals';
import {
  referenceTokenStoreContract,
  refreshTokenStoreContract,
  revokedTokenStoreContract,
  signingKeyStoreContract,
} from '../testing/index.js';
import { InMemoryReferenceTokenStore } from './in-memory-reference-token.store.js';
import { InMemoryRefreshTokenStore } from './in-memory-refresh-token.store.js';
import { InMemoryRevokedTokenStore } from './in-memory-revoked-token.store.js';
import { InMemorySigningKeyStore } from './in-memory-signing-key.store.js';

describe('InMemoryRefreshTokenStore', () => refreshTokenStoreContract(async () => new InMemoryRefreshTokenStore()));
describe('InMemoryReferenceTokenStore', () =>
  referenceTokenStoreContract(async () => new InMemoryReferenceTokenStore()));
describe('InMemoryRevokedTokenStore', () => revokedTokenStoreContract(async () => new InMemoryRevokedTokenStore()));
describe('InMemorySigningKeyStore', () => signingKeyStoreContract(async () => new InMemorySigningKeyStore()));
