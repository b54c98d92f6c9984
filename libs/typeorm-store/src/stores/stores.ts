// Every store that a database takes over from memory.
import type { ClassProvider } from '@nestjs/common';
import {
  AuthorizationCodeStore,
  BackchannelAuthenticationStore,
  ConsentStore,
  DeviceAuthorizationStore,
  InteractionStore,
  KnownDeviceStore,
  LogoutNoticeStore,
  PairwiseSubjectStore,
  PushedRequestStore,
  ReferenceTokenStore,
  RefreshTokenStore,
  RegisteredClientStore,
  RevokedTokenStore,
  SessionStore,
  SignInAttempts,
  SigningKeyStore,
  UsedIdStore,
} from '@tessera/resource-model';
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
import { TypeOrmSigningKeyStore } from './typeorm-signing-key.store.js';
import { TypeOrmSignInAttempts } from './typeorm-sign-in-attempts.store.js';
import { TypeOrmUsedIdStore } from './typeorm-used-id.store.js';

export const stores: readonly ClassProvider[] = [
  { provide: AuthorizationCodeStore, useClass: TypeOrmAuthorizationCodeStore },
  { provide: ConsentStore, useClass: TypeOrmConsentStore },
  { provide: KnownDeviceStore, useClass: TypeOrmKnownDeviceStore },
  { provide: PairwiseSubjectStore, useClass: TypeOrmPairwiseSubjectStore },
  { provide: ReferenceTokenStore, useClass: TypeOrmReferenceTokenStore },
  { provide: RevokedTokenStore, useClass: TypeOrmRevokedTokenStore },
  { provide: RefreshTokenStore, useClass: TypeOrmRefreshTokenStore },
  { provide: RegisteredClientStore, useClass: TypeOrmRegisteredClientStore },
  { provide: SessionStore, useClass: TypeOrmSessionStore },
  { provide: InteractionStore, useClass: TypeOrmInteractionStore },
  { provide: PushedRequestStore, useClass: TypeOrmPushedRequestStore },
  { provide: DeviceAuthorizationStore, useClass: TypeOrmDeviceAuthorizationStore },
  { provide: BackchannelAuthenticationStore, useClass: TypeOrmBackchannelAuthenticationStore },
  { provide: LogoutNoticeStore, useClass: TypeOrmLogoutNoticeStore },
  { provide: SignInAttempts, useClass: TypeOrmSignInAttempts },
  { provide: SigningKeyStore, useClass: TypeOrmSigningKeyStore },
  { provide: UsedIdStore, useClass: TypeOrmUsedIdStore },
];
