import type { ContentEncryption, EncryptionAlgorithm, SigningAlgorithm } from '@tessera/protocol';
import type { DpopReplayStore } from '@tessera/jws';
import type { JSONWebKeySet, JWK } from 'jose';
import type { PresentedRequest } from '../presentation/presented-request.js';
import type { AccessTokenError } from '../token/access-token.error.js';
import type { VerifiedAccess } from '../token/verified-access.js';
import type { CallReader } from '../contexts/call.js';

/** How the keys and the metadata of an issuer are fetched and kept. Every length of time is in seconds. */
export interface KeyOptions {
  /** Where the issuer's keys are, for an issuer without discovery. Default: the `jwks_uri` of the issuer's metadata. */
  jwksUri?: string;
  /** The issuer's public keys themselves: nothing is fetched. */
  jwks?: JSONWebKeySet;
  /**
   * Where the issuer answers inside of the own network, such as `http://sts:3000`: it takes the place of the issuer's
   * origin in every URL that is fetched. `iss` stays the public one. Plain http is accepted here: the network is yours.
   */
  internalAddress?: string;
  /**
   * How long fetched keys are used before they are fetched anew; an issuer's `Cache-Control: max-age` may shorten it.
   * A removed key stops working within this time. Seconds, 1 to 86,400. Default 300.
   */
  cacheLifetime?: number;
  /**
   * How long keys are used beyond `cacheLifetime` while the issuer cannot be reached. Seconds, 0 to 604,800. Default 3,600.
   * Afterwards requests are answered with 503 until the issuer is back.
   */
  staleLifetime?: number;
  /** The shortest time between two fetches that tokens with an unknown `kid` can cause. Seconds, 1 to 3,600. Default 30. */
  refetchCooldown?: number;
  /** How long one fetch from the issuer may take, body included. Seconds, 1 to 60. Default 5. */
  fetchTimeout?: number;
}

/** Reference tokens: how the issuer is asked about them (RFC 7662). Every length of time is in seconds. */
export interface IntrospectionOptions {
  /** Who this API is at the issuer. */
  clientId: string;
  clientSecret: string;
  /** How the secret is sent. Default `client_secret_basic`. */
  authMethod?: 'client_secret_basic' | 'client_secret_post';
  /** Default: the `introspection_endpoint` of the issuer's metadata. */
  endpoint?: string;
  /**
   * How long an answer about an active token is used, never beyond its `exp`; a revoked token works as long. 0 asks for each
   * request. Seconds, 0 to 3,600. Default 30.
   */
  cacheLifetime?: number;
  /** How long the answer "not active" is used. Seconds, 0 to 300. Default 10. */
  negativeCacheLifetime?: number;
  /** How many answers are kept. Default 10,000. */
  cacheSize?: number;
}

/** Where an issuer writes what RFC 9068 names otherwise. A list is a path: `['realm_access', 'roles']`; a text with a dot is refused, since it may mean either. */
export interface ClaimNames {
  /** Default `client_id`. */
  clientId?: string | readonly string[];
  /** Default `scope`: text with single spaces, or a list. */
  scope?: string | readonly string[];
  /** Default `roles`: a list, or text. A list of paths takes the roles of all of them: `[['realm_access', 'roles'], ['roles']]`. */
  roles?: string | readonly string[] | readonly (readonly string[])[];
  /** What is held against `audience`. Default `aud`. */
  audience?: string;
}

/** What a claim must be: present and not false (`true`), this value (or, in a list claim, among the values), one of these, or what a predicate says. */
export type RequiredClaim =
  | true
  | string
  | number
  | readonly (string | number)[]
  | ((value: unknown, claims: Readonly<Record<string, unknown>>) => boolean);

/** What is asked of the tokens of an issuer. */
export interface TokenOptions {
  /** The name or names of this API. A token is accepted when its `aud` contains one of them. */
  audience?: string | readonly string[];
  /** The signature algorithms that are accepted. Default: RS, PS and ES with 256, 384 and 512 bits, and EdDSA. */
  algorithms?: readonly SigningAlgorithm[];
  /**
   * `at+jwt`: the header must say that this is an access token (RFC 9068 §4). `any`: for issuers that do not set it; what
   * is recognisable as another kind of token (an id_token with `nonce` or `at_hash`, a logout token) is refused all the same.
   * Default `at+jwt`.
   */
  tokenType?: 'at+jwt' | 'any';
  /** How far the issuer's clock and ours may differ when `exp`, `nbf` and `iat` are read. Seconds, 0 to 300. Default 5. */
  clockTolerance?: number;
  /** Claims that every token must have, beside those that are checked anyway: `{ token_use: 'access' }`. */
  requiredClaims?: Readonly<Record<string, RequiredClaim>>;
  claimNames?: ClaimNames;
}

/** One issuer whose tokens are accepted. */
export interface TrustedIssuerOptions extends TokenOptions, KeyOptions {
  /**
   * Letter for letter as it stands in the `iss` claim (a trailing slash counts).
   * An https URL without query and fragment; http only on a loopback host.
   */
  issuer: string;
  /** Accept this issuer's reference tokens as well. One issuer of the guard alone may have it. */
  introspection?: IntrospectionOptions;
  /**
   * What tells this issuer's access tokens from its other tokens, or from those of others, where `typ` does not: presets set it. It is
   * asked for beside `requiredClaims`, which are the application's own.
   */
  accessTokenMarks?: Readonly<Record<string, RequiredClaim>>;
}

/** One issuer with the name of this API: enough for `forRoot()`, and what presets give. */
export interface AudienceIssuerOptions extends TrustedIssuerOptions {
  audience: string | readonly string[];
}

/** Tokens bound to the key of a DPoP proof (RFC 9449). Lengths of time in seconds. */
export interface DpopOptions {
  /** `allowed`: bound tokens need their proof, others are accepted as bearers. `required`: no others. `off`: bound tokens are refused. */
  mode: 'off' | 'allowed' | 'required';
  /** The algorithms of proofs. Default ES256, ES384, ES512, EdDSA, PS256, RS256. */
  algorithms?: readonly SigningAlgorithm[];
  /** How old the `iat` of a proof may be. Seconds, 1 to 600. Default 60. */
  proofLifetime?: number;
  /** The proof must carry a nonce that this API gave: protects against proofs made in advance (RFC 9449 §9). Default false. */
  requireNonce?: boolean;
  /** With `requireNonce` and several nodes: 32 bytes or more that all nodes share. Default: made at the start. */
  nonceSecret?: string;
  /** Where used proofs are remembered. Default in memory, which is per process: with several nodes give a shared one. */
  replayStore?: DpopReplayStore;
}

/** Tokens bound to a client certificate (RFC 8705 §3). */
export interface MtlsOptions {
  /** As for DPoP. */
  mode: 'off' | 'allowed' | 'required';
  /**
   * `socket`: this process ends TLS and asks for certificates. `{ header }`: a proxy does, and passes the certificate on in
   * this header, URL-encoded PEM (nginx `$ssl_client_escaped_cert`), PEM in one line, base64 DER, or RFC 9440. The proxy must
   * remove the header from what it receives.
   * Default `socket`.
   */
  certificate?: 'socket' | { header: string };
}

/** Tokens that the issuer encrypts to this API (RFC 7516, RFC 9068 §4): signed ones in an envelope, checked as any other once they are out. */
export interface DecryptionOptions {
  /**
   * Private keys as JWKs: RSA of 2,048 to 8,192 bits, P-256, P-384, P-521 or X25519; 8 at most. The issuer has the public ones. A token names
   * its key by `kid`; the others are for one that names none. To change keys, add the new one here first, tell the issuer, and take the old one
   * away when the last token that was encrypted to it has ended.
   */
  keys: readonly JWK[];
  /** How the key of a token may travel. Default RSA-OAEP, RSA-OAEP-256, ECDH-ES, ECDH-ES+A128KW, ECDH-ES+A256KW: as far as the keys serve for it. */
  algorithms?: readonly EncryptionAlgorithm[];
  /** How the content may be encrypted. Default A128CBC-HS256, A256CBC-HS512, A128GCM, A256GCM. */
  contentEncryptions?: readonly ContentEncryption[];
  /** Refuse tokens that are only signed, of every issuer. Reference tokens, in which nothing can be read, stay accepted. Default false. */
  required?: boolean;
}

/** RFC 9728: what clients are told about this API. */
export interface ResourceMetadataOptions {
  /** The resource identifier: the https URL under which clients know this API. */
  resource: string;
  resourceName?: string;
  resourceDocumentation?: string;
  /** Default: every scope that a route of the application asks for by `@RequireScopes()`. */
  scopesSupported?: readonly string[];
  /** Further members, as they stand on the wire. They cannot replace what the guard says by itself. */
  additional?: Readonly<Record<string, unknown>>;
}

/** For metrics and logs. Called at once, on the way of the request: be quick. What a hook throws, or an async one rejects with, is logged and changes nothing; nobody waits for it. */
export interface JwtGuardHooks {
  /**
   * `request`: what the token came with; the request of Fastify or Express over HTTP, so that its route can be told. It holds the token in
   * its headers: take out of it what is needed, and do not log it whole.
   */
  accepted?: (access: VerifiedAccess, request: PresentedRequest) => void;
  /** `request` is absent where RequirementsGuard refuses behind another guard. */
  refused?: (error: AccessTokenError, request: PresentedRequest | undefined) => void;
  keysFetched?: (issuer: string) => void;
  keysFailed?: (issuer: string, error: Error) => void;
  introspectionFailed?: (issuer: string, error: Error) => void;
}

/** Everything that can be said to the guard. What must be said is added by JwtGuardOptions. */
interface GuardOptions extends TokenOptions, KeyOptions {
  /** The one issuer whose tokens are accepted, with its options beside it. See TrustedIssuerOptions. */
  issuer?: string;
  introspection?: IntrospectionOptions;
  /** Of the one issuer: see TrustedIssuerOptions. */
  accessTokenMarks?: Readonly<Record<string, RequiredClaim>>;
  /** Several issuers. What an entry leaves out is taken from the options beside the list; `requiredClaims` of both must hold. */
  issuers?: readonly TrustedIssuerOptions[];
  /**
   * For tenants: the issuer that a token names, or undefined for one that is not trusted. Asked before anything of the token is
   * verified, so it must look the name up and never derive an address from it. Answers are kept for `resolvedLifetime`.
   */
  resolveIssuer?: (issuer: string) => TrustedIssuerOptions | undefined | Promise<TrustedIssuerOptions | undefined>;
  /** Seconds, 1 to 86,400. Default 300. */
  resolvedLifetime?: number;
  /** Verified tokens are remembered; false verifies each token each time. `size`: how many. Default 5,000. */
  tokenCache?: false | { size?: number };
  dpop?: DpopOptions['mode'] | DpopOptions;
  mtls?: MtlsOptions['mode'] | MtlsOptions;
  /** Accept tokens that are encrypted to this API. Default: none are, since it has no key. */
  decryption?: DecryptionOptions;
  /**
   * The URL under which callers reach the root of this API, such as `https://api.example.com` or `https://example.com/api`, where a
   * proxy changes host or path: what a DPoP proof's `htu` and the address of the metadata are made from. Default: taken from the
   * request, where Express's `trust proxy` and Fastify's `trustProxy` decide whether X-Forwarded-* is believed. The Host header is then
   * the sender's word: where nothing in front of this API refuses hosts that are not its own, give it with DPoP, or whoever serves
   * another API could replay here the proofs that he was sent, under his own host.
   */
  publicUrl?: string;
  /** Serve the metadata of RFC 9728 and name them in each challenge. */
  resourceMetadata?: ResourceMetadataOptions;
  hooks?: JwtGuardHooks;
  /**
   * How calls are read that come in another way than the guard knows, by the type of their context: `{ rpc: (context) => ({ headers:
   * { authorization: … } }) }`. Takes the place of the guard's own reader of that type.
   */
  callReaders?: Readonly<Record<string, CallReader>>;
  /** The present time in milliseconds since the epoch; given by tests. Default `Date.now`. */
  clock?: () => number;
}

/** What `JwtGuardModule.forRoot()` needs to know: `issuer` with its `audience`, or `issuers`, or `resolveIssuer`. */
export type JwtGuardOptions = GuardOptions &
  (
    | Required<Pick<GuardOptions, 'issuer' | 'audience'>>
    | Required<Pick<GuardOptions, 'issuers'>>
    | Required<Pick<GuardOptions, 'resolveIssuer'>>
  );

/** What stands beside the options, because it decides how the module is put together. */
export interface JwtGuardModuleExtras {
  /** Guard every route of the application; `@Public()` opens one. Default true. With false, use `@UseGuards(JwtGuard)`. */
  global?: boolean;
}
