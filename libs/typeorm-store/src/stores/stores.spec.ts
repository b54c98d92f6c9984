import { afterAll, beforeAll, describe } from '@jest/globals';
import {
  authorizationCodeStoreContract,
  backchannelAuthenticationStoreContract,
  consentStoreContract,
  deviceAuthorizationStoreContract,
  interactionStoreContract,
  knownDeviceStoreContract,
  logoutNoticeStoreContract,
  pairwiseSubjectStoreContract,
  pushedRequestStoreContract,
  referenceTokenStoreContract,
  refreshTokenStoreContract,
  registeredClientStoreContract,
  revokedTokenStoreContract,
  sessionStoreContract,
  signInAttemptsContract,
  usedIdStoreContract,
} from '@tessera/resource-model/testing';
import { Encryption } from '../encryption/encryption.js';
import type { Database } from '../database/database.js';
import { databases, type TestDatabase } from '../testing/databases.fixture.js';
import { TypeOrmAuthorizationCodeStore } from './typeorm-authorization-code.store.js';
import { TypeOrmBackchannelAuthenticationStore } from './typeorm-backchannel-authentication.store.js';
import { TypeOrmConsentStore } from './typeorm-consent.store.js';
import { TypeOrmDeviceAuthorizationStore } from './typeorm-device-authorization.store.js';
import { TypeOrmInteractionStore } from './typeorm-interaction.store.js';
import { TypeOrmKnownDeviceStore } from './typeorm-known-device.store.js';
import { TypeOrmLogoutNoticeStore } from './typeorm-logout-notice.store.js';
import { TypeOrmPairwiseSubjectStore } from './typeorm-pairwise-subject.store.js';
import { TypeOrmPushedRequestStore } from './typeorm-pushed-request.store.js';
import { TypeOrmReferenceTokenStore } from './typeorm-reference-token.store.js';
import { TypeOrmRevokedTokenStore } from './typeorm-revoked-token.store.js';
import { TypeOrmRefreshTokenStore } from './typeorm-refresh-token.store.js';
import { TypeOrmRegisteredClientStore } from './typeorm-registered-client.store.js';
import { TypeOrmSessionStore } from './typeorm-session.store.js';
import { TypeOrmSignInAttempts } from './typeorm-sign-in-attempts.store.js';
import { TypeOrmUsedIdStore } from './typeorm-used-id.store.js';

describe.each(databases)('On %s', (_name, open) => {
  let test: TestDatabase;
  beforeAll(async () => void (test = await open()), 60_000);
  afterAll(() => test.close());

  /** Each test finds the tables empty. */
  const on =
    <T>(Store: new (database: Database) => T) =>
    async () => {
      await test.clear();
      return new Store(test.database);
    };

  describe('TypeOrmAuthorizationCodeStore', () => authorizationCodeStoreContract(on(TypeOrmAuthorizationCodeStore)));
  describe('TypeOrmConsentStore', () => consentStoreContract(on(TypeOrmConsentStore)));
  describe('TypeOrmKnownDeviceStore', () => knownDeviceStoreContract(on(TypeOrmKnownDeviceStore)));
  describe('TypeOrmPairwiseSubjectStore', () => pairwiseSubjectStoreContract(on(TypeOrmPairwiseSubjectStore)));
  describe('TypeOrmPushedRequestStore', () => pushedRequestStoreContract(on(TypeOrmPushedRequestStore)));
  describe('TypeOrmReferenceTokenStore', () => referenceTokenStoreContract(on(TypeOrmReferenceTokenStore)));
  describe('TypeOrmRevokedTokenStore', () => revokedTokenStoreContract(on(TypeOrmRevokedTokenStore)));
  describe('TypeOrmRefreshTokenStore', () => refreshTokenStoreContract(on(TypeOrmRefreshTokenStore)));
  describe('TypeOrmUsedIdStore', () => usedIdStoreContract(on(TypeOrmUsedIdStore)));
  describe('TypeOrmSessionStore', () => sessionStoreContract(on(TypeOrmSessionStore)));
  describe('TypeOrmInteractionStore', () => interactionStoreContract(on(TypeOrmInteractionStore)));
  describe('TypeOrmDeviceAuthorizationStore', () =>
    deviceAuthorizationStoreContract(on(TypeOrmDeviceAuthorizationStore)));
  const encryption = new Encryption([Buffer.alloc(32, 7).toString('base64')]);
  describe('TypeOrmRegisteredClientStore', () =>
    registeredClientStoreContract(async () => {
      await test.clear();
      return new TypeOrmRegisteredClientStore(test.database, encryption);
    }));
  describe('TypeOrmBackchannelAuthenticationStore', () =>
    backchannelAuthenticationStoreContract(async () => {
      await test.clear();
      return new TypeOrmBackchannelAuthenticationStore(test.database, encryption);
    }));
  describe('TypeOrmLogoutNoticeStore', () => logoutNoticeStoreContract(on(TypeOrmLogoutNoticeStore)));

  /** Time passes by the clock of the database, which nothing can move: what is kept is moved instead. */
  const pass = async (seconds: number) =>
    void (await test.dataSource.query(
      `UPDATE sign_in_attempts SET counted_until = counted_until - ${seconds}, held_until = held_until - ${seconds}`,
    ));
  describe('TypeOrmSignInAttempts', () => signInAttemptsContract(on(TypeOrmSignInAttempts), pass));
});
