import type { SigningAlgorithm } from '@tessera/protocol';
import type {
  ApiResource,
  ApiScope,
  Client,
  ClientInit,
  Configuration,
  IdentityResource,
  KeyRules,
  OutgoingRules,
  SessionRules,
  User,
} from '@tessera/resource-model';

/** The protocol endpoints, each of which can be switched off. */
export const endpointNames = [
  'authorize', 'token', 'userinfo', 'introspection', 'revocation', 'endSession', 'checkSession', 'deviceAuthorization', 'discovery', 'jwks',
] as const; // prettier-ignore
export type EndpointName = (typeof endpointNames)[number];

/** What a token server is configured with. */
export interface TokenServerOptions {
  /** The server's name in every token, exactly as clients compare it: an https URL without query and fragment. */
  issuer: string;
  identityResources?: readonly IdentityResource[];
  apiScopes?: readonly ApiScope[];
  apiResources?: readonly ApiResource[];
  clients?: readonly (Client | ClientInit)[];
  /** People; who checks their passwords is for a module such as AccountsModule to say. */
  users?: readonly User[];
  /** The algorithms to keep keys for; the first signs where nobody asks for another. Default: RS256. */
  signingAlgorithms?: readonly SigningAlgorithm[];
  /** How long each signing key is announced, signs and is still accepted, in seconds; or that the server makes none by itself. */
  keys?: Partial<KeyRules>;
  /** How long people stay signed in, in seconds. */
  sessions?: Partial<SessionRules>;
  /** What requests that the server itself makes may do, e.g. logout tokens to clients. */
  outgoing?: Partial<OutgoingRules>;
  /** Endpoints to switch off: `{ introspection: false }`. All are on by default. */
  endpoints?: Readonly<Partial<Record<EndpointName, boolean>>>;
}

/** The options with every default filled in. */
export interface ResolvedOptions {
  readonly issuer: string;
  readonly configuration: Configuration;
  readonly signingAlgorithms: readonly SigningAlgorithm[];
  readonly keys: KeyRules;
  readonly sessions: SessionRules;
  readonly outgoing: OutgoingRules;
  readonly endpoints: Readonly<Record<EndpointName, boolean>>;
}

/** Injects the {@link ResolvedOptions}. */
export const TOKEN_SERVER_OPTIONS = Symbol('TOKEN_SERVER_OPTIONS');
