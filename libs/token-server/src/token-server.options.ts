import type { SigningAlgorithm } from '@tessera/protocol';
import type {
  ApiResource,
  ApiScope,
  Client,
  ClientInit,
  Configuration,
  IdentityResource,
  User,
} from '@tessera/resource-model';

/** The protocol endpoints, each of which can be switched off. */
export const endpointNames = ['token', 'userinfo', 'introspection', 'revocation', 'discovery', 'jwks'] as const;
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
  /** Endpoints to switch off: `{ introspection: false }`. All are on by default. */
  endpoints?: Readonly<Partial<Record<EndpointName, boolean>>>;
}

/** The options with every default filled in. */
export interface ResolvedOptions {
  readonly issuer: string;
  readonly configuration: Configuration;
  readonly signingAlgorithms: readonly SigningAlgorithm[];
  readonly endpoints: Readonly<Record<EndpointName, boolean>>;
}

/** Injects the {@link ResolvedOptions}. */
export const TOKEN_SERVER_OPTIONS = Symbol('TOKEN_SERVER_OPTIONS');
