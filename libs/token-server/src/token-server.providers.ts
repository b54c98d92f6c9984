// The parts of the engine: a list to read, each part once.
import type { Provider } from '@nestjs/common';
import { FlowTypes, GrantTypes } from '@tessera/protocol';
import {
  DetailRules,
  AccessDerivation,
  AssertedSubjects,
  Assertions,
  AuthorizationCodeGrant,
  BackchannelAuthenticationGrant,
  ClientCredentialsGrant,
  ClientRulesPolicy,
  DeviceCodeGrant,
  ExchangeableTokens,
  type Grant,
  GrantRegistry,
  GrantStanding,
  JwtBearerGrant,
  PasswordGrant,
  PersonStanding,
  ProfileService,
  RefreshTokenGrant,
  RequestedDetails,
  RequestedScopes,
  ResourceOwnerPasswordValidator,
  ReuseDetection,
  SameSubjects,
  SessionCheck,
  TokenExchangeGrant,
  TokenExchangePolicy,
  TokenFamilies,
} from '@tessera/grant-types';
import { Clock, SystemClock } from '@tessera/resource-model';
import { AllowedOrigins } from './clients/allowed-origins.js';
import { CallerAuthenticator } from './clients/caller-authenticator.js';
import { ClientAuthenticator } from './clients/client-authenticator.js';
import { clientAuthentication } from './clients/credential-readers.js';
import { ClientIdDocumentReader } from './clients/client-id-documents/document-reader.js';
import { ClientIdDocuments } from './clients/client-id-documents/client-id-documents.js';
import { SectorIdentifiers } from './clients/client-metadata/sector-identifiers.js';
import { DynamicClients } from './clients/dynamic-clients/dynamic-clients.js';
import { RegisteredClients } from './clients/dynamic-clients/registered-clients.js';
import { ClientConfigurations } from './endpoints/registration/client-configurations.js';
import { RegistrationAccess } from './endpoints/registration/registration-access.js';
import { RegistrationRequests } from './endpoints/registration/registration-requests.js';
import { Registrations } from './endpoints/registration/registrations.js';
import { SoftwareStatements } from './endpoints/registration/software-statements.js';
import { DiscoveryDocument } from './endpoints/discovery/discovery-document.js';
import { Introspection } from './endpoints/introspection/introspection.js';
import { IntrospectionResponseWriter } from './endpoints/introspection/introspection-response.writer.js';
import { Revocation } from './endpoints/revocation/revocation.js';
import { Userinfo } from './endpoints/userinfo/userinfo.js';
import { discoveryParts } from './discovery-parts.js';
import { DISCOVERY_PARTS } from './http/discovery-part.js';
import { GrantCheck } from './grant-check.js';
import { ProfileCheck } from './profile-check.js';
import { EXPIRING_STORES, type ExpiringStore, Housekeeping } from './housekeeping.js';
import { AuthorizeFlow } from './authorize/authorize-flow.js';
import { AuthorizeCodes } from './authorize/authorize-codes.js';
import { AuthorizeChecklist } from './authorize/authorize-checklist.js';
import { AuthorizeRequests } from './authorize/authorize-requests.js';
import { AuthorizeTargets } from './authorize/authorize-targets.js';
import { PushedRequests } from './authorize/pushed-requests.js';
import { RequestObjects } from './authorize/request-objects.js';
import { RequestReferences } from './authorize/request-references.js';
import { RequestSources } from './authorize/request-sources.js';
import { AuthorizeResponder } from './authorize/authorize-responder.js';
import { AuthorizeResponses } from './authorize/authorize-responses.js';
import { AuthorizeStanding } from './authorize/authorize-standing.js';
import { IdentityTokenHints } from './authorize/identity-token-hints.js';
import { Cookies } from './http/cookies.js';
import { Outgoing } from './http/outgoing.js';
import { Answers } from './interaction/answers.js';
import { Applications } from './interaction/applications.js';
import { BackchannelPings } from './interaction/backchannel-pings.js';
import { QuestionPace } from './interaction/question-pace.js';
import { BackchannelQuestions } from './interaction/backchannel-questions.js';
import { Browsers } from './interaction/browsers.js';
import { ClientViews } from './interaction/client-views.js';
import { ConsentViews } from './interaction/consent-views.js';
import { Consents } from './interaction/consents.js';
import { Devices } from './interaction/devices.js';
import { InteractionViews } from './interaction/interaction-views.js';
import { InteractionService } from './interaction/interaction.service.js';
import { Interactions } from './interaction/interactions.js';
import { OwnAccount } from './interaction/own-account.js';
import { PageUrls } from './interaction/page-urls.js';
import { PendingInteractions } from './interaction/pending-interactions.js';
import { People } from './interaction/people.js';
import { SignIns } from './interaction/sign-ins.js';
import { SignOutRequests } from './interaction/sign-out-requests.js';
import { SignOutViews } from './interaction/sign-out-views.js';
import { UserCodeGuesses } from './interaction/user-code-guesses.js';
import { WaitingDevices } from './interaction/waiting-devices.js';
import { WaitingQuestions } from './interaction/waiting-questions.js';
import { AskedPeople } from './endpoints/backchannel-authentication/asked-people.js';
import { BackchannelAuthentications } from './endpoints/backchannel-authentication/backchannel-authentications.js';
import { BackchannelNotices } from './endpoints/backchannel-authentication/backchannel-notices.js';
import { BackchannelRequests } from './endpoints/backchannel-authentication/backchannel-requests.js';
import { LoginHints } from './endpoints/backchannel-authentication/login-hints.js';
import { UserNameHints } from './endpoints/backchannel-authentication/user-name-hints.js';
import { DeviceAuthorizations } from './endpoints/device-authorization/device-authorizations.js';
import { FrontChannelLogout } from './sessions/front-channel-logout.js';
import { SignOuts } from './interaction/sign-outs.js';
import { LogoutTokenWriter } from './tokens/logout-token.writer.js';
import { CheckSessionPage } from './endpoints/check-session/check-session.page.js';
import { BackChannelLogout } from './sessions/back-channel-logout.js';
import { LogoutNotices } from './sessions/logout-notices.js';
import { SessionEnd } from './sessions/session-end.js';
import { Sessions } from './sessions/sessions.js';
import { ClientCertificates } from './possession/client-certificates.js';
import { DpopProofs } from './possession/dpop-proofs.js';
import { PresentedAccess } from './possession/presented-access.js';
import { ProofOfPossession } from './possession/proof-of-possession.js';
import { BrowserTokenIssuer } from './tokens/browser-token.issuer.js';
import { GrantedAccess } from './tokens/granted-access.js';
import { SubjectIdentifiers } from './tokens/subject-identifiers.js';
import { expiring } from './in-memory-stores.providers.js';
import { ClientKeys } from './keys/client-keys.js';
import { KeyRing } from './keys/key-ring.js';
import { KeyUpkeep } from './keys/key-upkeep.js';
import { KeyVault } from './keys/key-vault.js';
import { LocalKeyVault } from './keys/local-key.vault.js';
import { JsonSchemaDetailRules } from './resources/json-schema-detail.rules.js';
import { UserClaimsProfile } from './resources/user-claims.profile.js';
import { ActClaimReader } from './tokens/act-claim.reader.js';
import { AccessTokenReader } from './tokens/access-token.reader.js';
import { AccessTokenWriter } from './tokens/access-token.writer.js';
import { TrustedAssertionReader } from './tokens/trusted-assertion.reader.js';
import { ExchangeableTokenReader } from './tokens/exchangeable-token.reader.js';
import { IdentityTokenReader } from './tokens/identity-token.reader.js';
import { LiveIdentityTokenReader } from './tokens/live-identity-token.reader.js';
import { TrustedJwtReader } from './tokens/trusted-jwt.reader.js';
import { AuthorizationResponseWriter } from './tokens/authorization-response.writer.js';
import { IdentityTokenWriter } from './tokens/identity-token.writer.js';
import { RefreshTokenWriter } from './tokens/refresh-token.writer.js';
import { TokenEncryption } from './tokens/token-encryption.js';
import { TokenIssuer } from './tokens/token-issuer.js';

type GrantClass = new (...dependencies: never[]) => Grant;

/** The rules: who is calling, what is granted, which tokens come of it. */
export const engine: Provider[] = [
  { provide: Clock, useClass: SystemClock },
  { provide: ProfileService, useClass: UserClaimsProfile },
  { provide: KeyVault, useClass: LocalKeyVault },
  KeyRing,
  KeyUpkeep,
  ClientKeys,
  AllowedOrigins,
  ...clientAuthentication,
  SectorIdentifiers,
  DynamicClients,
  RegisteredClients,
  ClientIdDocumentReader,
  ClientIdDocuments,
  RegistrationAccess,
  SoftwareStatements,
  RegistrationRequests,
  Registrations,
  ClientConfigurations,
  ClientAuthenticator,
  CallerAuthenticator,
  DpopProofs,
  ClientCertificates,
  ProofOfPossession,
  PresentedAccess,
  { provide: DetailRules, useClass: JsonSchemaDetailRules },
  RequestedDetails,
  RequestedScopes,
  TokenFamilies,
  ReuseDetection,
  GrantStanding,
  PersonStanding,
  SubjectIdentifiers,
  GrantedAccess,
  TokenEncryption,
  AccessTokenWriter,
  IdentityTokenWriter,
  RefreshTokenWriter,
  TokenIssuer,
  BrowserTokenIssuer,
  AccessTokenReader,
  IdentityTokenReader,
  LiveIdentityTokenReader,
  AccessDerivation,
  { provide: AssertedSubjects, useClass: SameSubjects },
  TrustedJwtReader,
  { provide: Assertions, useClass: TrustedAssertionReader },
  ActClaimReader,
  { provide: ExchangeableTokens, useClass: ExchangeableTokenReader },
  { provide: TokenExchangePolicy, useClass: ClientRulesPolicy },
  Userinfo,
  Introspection,
  IntrospectionResponseWriter,
  Revocation,
  { provide: DISCOVERY_PARTS, useValue: discoveryParts },
  DiscoveryDocument,
  GrantCheck,
  ProfileCheck,
  { provide: EXPIRING_STORES, inject: expiring, useFactory: (...stores: ExpiringStore[]) => stores },
  Housekeeping,
];

/** People: their sessions, what they are asked and what they answer, and the authorize endpoint that needs all of it. */
export const people: Provider[] = [
  Cookies,
  Browsers,
  LogoutNotices,
  SessionEnd,
  Sessions,
  { provide: SessionCheck, useExisting: Sessions },
  Outgoing,
  LogoutTokenWriter,
  BackChannelLogout,
  CheckSessionPage,
  Interactions,
  PageUrls,
  Consents,
  ClientViews,
  ConsentViews,
  InteractionViews,
  People,
  IdentityTokenHints,
  PushedRequests,
  RequestObjects,
  RequestReferences,
  RequestSources,
  AuthorizeTargets,
  AuthorizeChecklist,
  AuthorizeRequests,
  AuthorizeStanding,
  AuthorizeCodes,
  AuthorizeResponder,
  AuthorizationResponseWriter,
  AuthorizeResponses,
  AuthorizeFlow,
  PendingInteractions,
  SignIns,
  Answers,
  Applications,
  QuestionPace,
  WaitingQuestions,
  BackchannelPings,
  BackchannelQuestions,
  OwnAccount,
  UserCodeGuesses,
  WaitingDevices,
  Devices,
  DeviceAuthorizations,
  { provide: LoginHints, useClass: UserNameHints },
  AskedPeople,
  BackchannelRequests,
  BackchannelAuthentications,
  BackchannelNotices,
  FrontChannelLogout,
  SignOutRequests,
  SignOutViews,
  SignOuts,
  InteractionService,
];

/** The types of the built-in grants, for whoever checks a configuration before there is a server. */
export const builtInGrantTypes = [
  GrantTypes.authorizationCode, GrantTypes.clientCredentials, GrantTypes.password, GrantTypes.refreshToken, GrantTypes.deviceCode,
  GrantTypes.tokenExchange, GrantTypes.jwtBearer, GrantTypes.ciba,
  FlowTypes.implicit, FlowTypes.hybrid,
] as const; // prettier-ignore

const builtInGrants = [
  AuthorizationCodeGrant,
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
  DeviceCodeGrant,
  BackchannelAuthenticationGrant,
  TokenExchangeGrant,
  JwtBearerGrant,
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
