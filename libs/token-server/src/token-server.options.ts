import type { SigningAlgorithm } from '@tessera/protocol';
import type {
  ApiResource,
  ApiScope,
  AuthenticationLevel,
  AuthenticationLevels,
  AuthorizationDetailTypeInit,
  AuthorizationDetailType,
  Client,
  ClientIdDocumentInit,
  ClientIdDocumentRules,
  ClientInit,
  Configuration,
  DpopRules,
  IdentityResource,
  KeyRules,
  MtlsRules,
  OutgoingRules,
  ProfileName,
  RegistrationInit,
  RegistrationRules,
  SessionRules,
  TrustedIssuer,
  User,
} from '@tessera/resource-model';

/** The protocol endpoints, each of which can be switched off. */
export const endpointNames = [
  'authorize', 'token', 'userinfo', 'introspection', 'revocation', 'endSession', 'checkSession', 'deviceAuthorization', 'backchannelAuthentication', 'pushedAuthorization', 'registration', 'discovery', 'jwks',
] as const; // prettier-ignore
export type EndpointName = (typeof endpointNames)[number];

/** What a token server is configured with. */
export interface TokenServerOptions {
  /** The server's name in every token, exactly as clients compare it: an https URL without query and fragment. */
  issuer: string;
  identityResources?: readonly IdentityResource[];
  apiScopes?: readonly ApiScope[];
  apiResources?: readonly ApiResource[];
  /** The types of `authorization_details` that clients may be allowed to ask for (RFC 9396). */
  authorizationDetailTypes?: readonly (AuthorizationDetailType | AuthorizationDetailTypeInit)[];
  clients?: readonly (Client | ClientInit)[];
  /** The set of rules that clients are held to which name no other (see `Client.profile`). Default: none. */
  profile?: ProfileName;
  /** People; who checks their passwords is for a module such as AccountsModule to say. */
  users?: readonly User[];
  /** The algorithms to keep keys for; the first signs where nobody asks for another. Default: RS256. */
  signingAlgorithms?: readonly SigningAlgorithm[];
  /** How long each signing key is announced, signs and is still accepted, in seconds; or that the server makes none by itself. */
  keys?: Partial<KeyRules>;
  /** How long people stay signed in, in seconds. */
  sessions?: Partial<SessionRules>;
  /** What `acr` values there are and what a sign-in must have used to reach each, from the weakest to the strongest. Default: none. */
  authenticationLevels?: readonly AuthenticationLevel[];
  /** Where the certificates of clients are read, to authenticate them and to bind tokens to them (RFC 8705). Default: nowhere. */
  mtls?: Pick<MtlsRules, 'certificate'> & Partial<MtlsRules>;
  /** What is asked of the DPoP proofs that bind tokens to a key of the client (RFC 9449). */
  dpop?: Partial<DpopRules>;
  /** What requests that the server itself makes may do, e.g. logout tokens to clients. */
  outgoing?: Partial<OutgoingRules>;
  /** Whether and how clients register themselves (RFC 7591). Default: they do not. */
  registration?: RegistrationInit;
  /** Clients whose id is the address of a document that says what they are. Default: there are none. */
  clientIdMetadataDocuments?: ClientIdDocumentInit;
  /** Whether every client must push its authorize requests (RFC 9126 §5), not only those that say so. Default: false. */
  requirePushedAuthorization?: boolean;
  /** Other servers whose JWTs count here (RFC 7523 §2.1, RFC 8693). Default: none. */
  trustedIssuers?: readonly (TrustedIssuer | ConstructorParameters<typeof TrustedIssuer>[0])[];
  /** Endpoints to switch off: `{ introspection: false }`. All are on by default. */
  endpoints?: Readonly<Partial<Record<EndpointName, boolean>>>;
}

/** The options with every default filled in. */
export interface ResolvedOptions {
  readonly issuer: string;
  readonly profile?: ProfileName;
  readonly configuration: Configuration;
  readonly signingAlgorithms: readonly SigningAlgorithm[];
  readonly keys: KeyRules;
  readonly sessions: SessionRules;
  readonly authenticationLevels: AuthenticationLevels;
  /** None: certificates of clients are not looked at. */
  readonly mtls?: MtlsRules;
  readonly dpop: DpopRules;
  readonly outgoing: OutgoingRules;
  readonly trustedIssuers: readonly TrustedIssuer[];
  readonly registration: RegistrationRules;
  readonly clientIdMetadataDocuments: ClientIdDocumentRules;
  readonly requirePushedAuthorization: boolean;
  readonly endpoints: Readonly<Record<EndpointName, boolean>>;
}

/** Injects the {@link ResolvedOptions}. */
export const TOKEN_SERVER_OPTIONS = Symbol('TOKEN_SERVER_OPTIONS');
