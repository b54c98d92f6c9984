import {
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsNotEmpty,
  IsOptional,
  IsString,
  MinLength,
  ValidateNested,
} from 'class-validator';
import {
  type BackchannelDeliveryMode,
  backchannelDeliveryModes,
  type ContentEncryption,
  contentEncryptions,
  type EncryptionAlgorithm,
  encryptionAlgorithms,
  type SecretAlgorithm,
  secretAlgorithms,
  type SigningAlgorithm,
  signingAlgorithms,
  type TokenEndpointAuthMethod,
  tokenEndpointAuthMethods,
} from '@tessera/protocol';
import { IsCertificateHost, IsDistinguishedName, IsIpAddress } from './certificate-rules.js';
import { Claim } from './claim.js';
import { IsKeySet, type KeySet } from './key-set.js';
import { presetsOf, profileNames, type ProfileName } from './profiles/profile-presets.js';
import { Secret } from './secret.js';
import { TokenExchangeRules } from './token-exchange-rules.js';
import {
  IsIdentifier,
  IsOrigin,
  IsRedirectUri,
  IsScopeName,
  IsSeconds,
  IsTextMap,
  IsWebUrl,
} from './validation-rules.js';

export type AccessTokenType = 'jwt' | 'reference';

/** What a client is made of: `clientId` and `allowedGrantTypes`, and whatever differs from the defaults. */
export type ClientInit = Pick<Client, 'clientId' | 'allowedGrantTypes'> &
  Partial<Omit<Client, 'tokenExchange'>> & { tokenExchange?: Partial<TokenExchangeRules> };

/** An application that asks for tokens. Names and meanings follow IdentityServer4. */
export class Client {
  /** The name under which the client makes its requests. */
  @IsIdentifier()
  clientId!: string;

  /**
   * The set of rules that the client is held to: it presets what the rules need, and a setting that breaks one is a fault. None: what the properties say.
   */
  @IsOptional()
  @IsIn(profileNames)
  profile?: ProfileName;

  /** A disabled client behaves as an unknown one, everywhere, at once. */
  @IsBoolean()
  enabled = true;

  /** Shown to people on consent, as are `description` and the four URIs. */
  @IsOptional()
  @IsString()
  clientName?: string;

  /** For people: what the client is. */
  @IsOptional()
  @IsString()
  description?: string;

  /** The home page of the client. */
  @IsOptional()
  @IsWebUrl()
  clientUri?: string;

  /** The picture of the client. */
  @IsOptional()
  @IsWebUrl()
  logoUri?: string;

  /** What the client does with what it learns about people. */
  @IsOptional()
  @IsWebUrl()
  policyUri?: string;

  /** The terms of service of the client. */
  @IsOptional()
  @IsWebUrl()
  tosUri?: string;

  /** Who is responsible for the client, e.g. e-mail addresses. */
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  contacts?: string[];

  /** Several at once: a new secret is added, the old one removed when nobody uses it any more. */
  @IsArray()
  @ValidateNested({ each: true })
  clientSecrets: Secret[] = [];

  /** Whether the client must prove who it is: by a secret, a key or a certificate. False makes a public client, which shows nothing but its id. */
  @IsBoolean()
  requireClientSecret = true;

  /**
   * When set, the only way the client may authenticate (OpenID Connect Core §9, RFC 8705 §2). None: any that it has something for, a secret, an
   * `assertionSecret` or keys; certificates have to be named here.
   */
  @IsOptional()
  @IsIn(tokenEndpointAuthMethods)
  tokenEndpointAuthMethod?: TokenEndpointAuthMethod;

  /** When set, the only algorithm of the client's assertions (OpenID Connect Registration §2). None: any that fits its keys or its secret. */
  @IsOptional()
  @IsIn([...signingAlgorithms, ...secretAlgorithms])
  tokenEndpointAuthSigningAlg?: SigningAlgorithm | SecretAlgorithm;

  /** The client's public keys (RFC 7591 §2): for its assertions and request objects, and to encrypt for it. This, or `jwksUri`. */
  @IsOptional()
  @IsKeySet()
  jwks?: KeySet;

  /** Where the client publishes its keys instead: fetched under the rules for outgoing requests, and kept for a while. */
  @IsOptional()
  @IsWebUrl()
  jwksUri?: string;

  /** What the client signs assertions with for `client_secret_jwt`: 32 characters or more, kept as it is, because nothing can be checked with its hash. */
  @IsOptional()
  @IsString()
  @MinLength(32)
  assertionSecret?: string;

  /**
   * Whether the client's assertions may name the token endpoint or the endpoint they are sent to as their audience, or several audiences, as RFC 7523 §3 had
   * it. False: the issuer and nothing else (RFC 10070 §4).
   */
  @IsBoolean()
  allowEndpointAudiences = false;

  /** Whether the audience of the client's assertions must be text (FAPI 2.0 Security Profile §5.3.2.1). False: the issuer as the only one of a list is taken as well. */
  @IsBoolean()
  requireAudienceText = false;

  /** Whether the client's assertions must have the `typ` of RFC 10070, `client-authentication+jwt`. False: none, and `JWT`, are taken as well. */
  @IsBoolean()
  requireAssertionType = false;

  /**
   * For `tls_client_auth`, exactly one of this and the four that follow (RFC 8705 §2.1.2): the subject of the client's certificate, as RFC 4514 writes it,
   * `CN=client,O=Example\, Inc.,C=DE`. Compared part by part in order; case and repeated spaces do not count.
   */
  @IsOptional()
  @IsDistinguishedName()
  tlsClientAuthSubjectDn?: string;

  /** A host name among the certificate's alternative names. A wildcard in a certificate stands for itself. */
  @IsOptional()
  @IsCertificateHost()
  tlsClientAuthSanDns?: string;

  /** A URI among the certificate's alternative names, compared as exact strings. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  tlsClientAuthSanUri?: string;

  /** An address among the certificate's alternative names, of IPv4 or IPv6, however it is written. */
  @IsOptional()
  @IsIpAddress()
  tlsClientAuthSanIp?: string;

  /** An e-mail address among the certificate's alternative names; the case counts before the `@` alone. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  tlsClientAuthSanEmail?: string;

  /** Whether the client's access tokens are of use only together with its certificate (RFC 8705 §3.4). It must then show one, however it authenticates. */
  @IsBoolean()
  tlsClientCertificateBoundAccessTokens = false;

  /** The grants the client may use: names of RFC 6749 or the URI of a registered grant. */
  @IsArray()
  @ArrayNotEmpty()
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  allowedGrantTypes!: string[];

  /** A page of the client that begins a sign-in there (OpenID Connect Core §4): where a person is led back to who is lost here. */
  @IsOptional()
  @IsWebUrl()
  initiateLoginUri?: string;

  /** Whether the authorization code must come with a proof key (RFC 7636). */
  @IsBoolean()
  requirePkce = true;

  /** Whether the proof key may be sent unhashed (`plain`), which protects less. */
  @IsBoolean()
  allowPlainTextPkce = false;

  /** Whether the client must push its authorize requests (RFC 9126 §6: `require_pushed_authorization_requests`), so that no browser can change them. */
  @IsBoolean()
  requirePushedAuthorization = false;

  /** Seconds in which a browser must bring a pushed request, at most 599 (FAPI 2.0 Security Profile §5.3.2.2: less than 600). */
  @IsSeconds(1, 599)
  pushedAuthorizationLifetime = 60;

  /** Whether the client must sign its authorize requests (RFC 9101 §10.5: `require_signed_request_object`). */
  @IsBoolean()
  requireRequestObject = false;

  /** The one algorithm of its request objects (OpenID Connect Registration §2). None: that of each of its keys. */
  @IsOptional()
  @IsIn(signingAlgorithms)
  requestObjectSigningAlg?: SigningAlgorithm;

  /**
   * Where request objects of the client may be fetched from (OpenID Connect Registration §2: `request_uris`), compared as exact strings. A fragment is the
   * base64url SHA-256 of what is there; a request may add one that is not registered.
   */
  @IsArray()
  @IsWebUrl({ each: true })
  requestUris: string[] = [];

  /** Whether request objects must say in their header that they are some: `typ` `oauth-authz-req+jwt` (RFC 9101 §10.8). */
  @IsBoolean()
  requireRequestObjectType = false;

  /** Whether request objects must say for whom and when they are: `aud`, `nbf` and `exp` (FAPI 2.0 Message Signing §5.3.1). */
  @IsBoolean()
  requireRequestObjectBounds = false;

  /** Compared as exact strings; of a loopback IP literal the port may differ (RFC 8252 §7.3). */
  @IsArray()
  @IsRedirectUri({ each: true })
  redirectUris: string[] = [];

  /** Where a person may be sent after signing out. Compared as exact strings. */
  @IsArray()
  @IsRedirectUri({ each: true })
  postLogoutRedirectUris: string[] = [];

  /** Loaded in a frame when the person signs out (OpenID Connect Front-Channel Logout 1.0 §2). */
  @IsOptional()
  @IsWebUrl()
  frontChannelLogoutUri?: string;

  /** Whether `iss` and `sid` are added to it. */
  @IsBoolean()
  frontChannelLogoutSessionRequired = true;

  /** Told by the server itself, with a logout token, when the person signs out (OpenID Connect Back-Channel Logout 1.0 §2.2). */
  @IsOptional()
  @IsWebUrl()
  backChannelLogoutUri?: string;

  /** Whether the logout token says which session ended. */
  @IsBoolean()
  backChannelLogoutSessionRequired = true;

  /**
   * How the client learns that a person whom it asked in the back channel has answered (CIBA Core §4): it asks again and again, or is told and then asks.
   * Needed for that grant.
   */
  @IsOptional()
  @IsIn(backchannelDeliveryModes)
  backchannelTokenDeliveryMode?: BackchannelDeliveryMode;

  /** Where it is told, https alone (CIBA Core §4). Needed for `ping`. */
  @IsOptional()
  @IsWebUrl()
  backchannelClientNotificationEndpoint?: string;

  /** When set, the client asks by requests that it signs with this algorithm, and by no others; none: it signs none (CIBA Core §4). */
  @IsOptional()
  @IsIn(signingAlgorithms)
  backchannelAuthenticationRequestSigningAlg?: SigningAlgorithm;

  /**
   * Whether its requests must have a message that the person compares, or authorization details that say exactly what is allowed (FAPI-CIBA §5.2.2).
   */
  @IsBoolean()
  requireBindingMessage = false;

  /** Seconds in which a person whom the client asked in the back channel must have answered; a request may ask for less (CIBA Core §7.1). */
  @IsSeconds(1)
  backchannelAuthenticationLifetime = 300;

  /** Web pages of the client that may call token, userinfo, revocation and introspection from a browser. */
  @IsArray()
  @IsOrigin({ each: true })
  allowedCorsOrigins: string[] = [];

  /** Whether access tokens may be handed over in the URL of a browser. */
  @IsBoolean()
  allowAccessTokensViaBrowser = false;

  /** Nothing is allowed until listed. */
  @IsArray()
  @IsScopeName({ each: true })
  allowedScopes: string[] = [];

  /** Whether the client may have refresh tokens, through the scope `offline_access`. */
  @IsBoolean()
  allowOfflineAccess = false;

  /**
   * Whether a person is asked before the client learns about them. A client that nobody can tell from an impostor is asked for each time, whatever is set
   * here: a public one whose redirect URI is a private-use scheme or a loopback address (RFC 8252 §8.6).
   */
  @IsBoolean()
  requireConsent = false;

  /** Whether a person may have the answer remembered; false also ends what was remembered before. */
  @IsBoolean()
  allowRememberConsent = true;

  /** How long a remembered consent counts, in seconds. None: for ever. */
  @IsOptional()
  @IsSeconds(1)
  consentLifetime?: number;

  /** `jwt`: a signed token that an API checks on its own. `reference`: an opaque one that it asks about. */
  @IsIn(['jwt', 'reference'])
  accessTokenType: AccessTokenType = 'jwt';

  /**
   * Whether the client gets no access token that is not bound to a key of its own (RFC 9449 §5.2: `dpop_bound_access_tokens`): each token request needs a
   * DPoP proof. False: it may send one.
   */
  @IsBoolean()
  requireDpop = false;

  /** Seconds since the sign-in after which a person has to sign in again for this client. None: as long as the session lasts. */
  @IsOptional()
  @IsSeconds(1)
  userSsoLifetime?: number;

  /** The `max_age` of requests that send none, in seconds (OpenID Connect Registration §2). */
  @IsOptional()
  @IsSeconds(0)
  defaultMaxAge?: number;

  /** Whether refresh tokens end with the session in which the person signed in; each refresh counts as activity of the session. */
  @IsBoolean()
  coordinateLifetimeWithUserSession = false;

  /** Whether people may sign in with a password of this server; false leaves the external providers. */
  @IsBoolean()
  enableLocalLogin = true;

  /** The external providers that may sign people in for this client; empty: all. */
  @IsArray()
  @IsString({ each: true })
  identityProviderRestrictions: string[] = [];

  /** `pairwise`: the client gets a `sub` of its own for each person, which nobody can match with another client's (OpenID Connect Core §8). */
  @IsIn(['public', 'pairwise'])
  subjectType: 'public' | 'pairwise' = 'public';

  /** What the pairwise `sub` is computed with: a long random text. Clients that share it and the sector share the `sub`. */
  @IsOptional()
  @IsString()
  @MinLength(16)
  pairwiseSubjectSalt?: string;

  /** Its host is the sector of the pairwise `sub`; none: the host of the redirect URIs, which must then be one. */
  @IsOptional()
  @IsWebUrl()
  sectorIdentifierUri?: string;

  /** Seconds. */
  @IsSeconds(1)
  accessTokenLifetime = 3600;

  /** Seconds. */
  @IsSeconds(1)
  identityTokenLifetime = 300;

  /** Seconds. */
  @IsSeconds(1)
  authorizationCodeLifetime = 60;

  /** Seconds. */
  @IsSeconds(1)
  deviceCodeLifetime = 300;

  /** Seconds from the first refresh token of a family to the end of its last; 0: no absolute end. */
  @IsSeconds(0)
  absoluteRefreshTokenLifetime = 2_592_000;

  /** Seconds that each use adds, where `refreshTokenExpiration` is `sliding`; never past the absolute end. */
  @IsSeconds(1)
  slidingRefreshTokenLifetime = 1_296_000;

  /** `absolute`: a refresh token family ends at a fixed time. `sliding`: each use moves the end. */
  @IsIn(['absolute', 'sliding'])
  refreshTokenExpiration: 'absolute' | 'sliding' = 'absolute';

  /** `oneTimeOnly`: each use gives a new refresh token and uses up the old. `reUse`: the token stays. */
  @IsIn(['oneTimeOnly', 'reUse'])
  refreshTokenUsage: 'oneTimeOnly' | 'reUse' = 'oneTimeOnly';

  /**
   * Seconds after the use of a one-time refresh token in which the same client, repeating the same request, gets the very
   * same response again: a lost answer or two tabs sign nobody out. After it, a replay revokes the whole family.
   */
  @IsSeconds(0)
  refreshTokenGrace = 10;

  /** Whether a refresh asks the ProfileService again for what is in the access token. */
  @IsBoolean()
  updateAccessTokenClaimsOnRefresh = false;

  /** The first that the server has a key for signs the id_token; empty: the server's default. */
  @IsArray()
  @IsIn(signingAlgorithms, { each: true })
  allowedIdentityTokenSigningAlgorithms: SigningAlgorithm[] = [];

  /** When set, userinfo answers with a JWT signed by this algorithm (OpenID Connect Registration §2: `userinfo_signed_response_alg`). */
  @IsOptional()
  @IsIn(signingAlgorithms)
  userinfoSignedResponseAlg?: SigningAlgorithm;

  /** How the key of an encrypted id_token travels to the client; none: it is not encrypted (OpenID Connect Registration §2). */
  @IsOptional()
  @IsIn(encryptionAlgorithms)
  idTokenEncryptedResponseAlg?: EncryptionAlgorithm;

  /** How its content is encrypted. None: A128CBC-HS256. */
  @IsOptional()
  @IsIn(contentEncryptions)
  idTokenEncryptedResponseEnc?: ContentEncryption;

  /** How the key of an encrypted userinfo answer travels to the client; none: it is not encrypted (OpenID Connect Registration §2). */
  @IsOptional()
  @IsIn(encryptionAlgorithms)
  userinfoEncryptedResponseAlg?: EncryptionAlgorithm;

  /** How its content is encrypted. None: A128CBC-HS256. */
  @IsOptional()
  @IsIn(contentEncryptions)
  userinfoEncryptedResponseEnc?: ContentEncryption;

  /** What signs the answers of the authorize endpoint in the JWT response modes (JARM §3). None: RS256, or the default of a server that has no such key. */
  @IsOptional()
  @IsIn(signingAlgorithms)
  authorizationSignedResponseAlg?: SigningAlgorithm;

  /** How the key of an encrypted answer of the authorize endpoint travels to the client; none: it is not encrypted (JARM §3). */
  @IsOptional()
  @IsIn(encryptionAlgorithms)
  authorizationEncryptedResponseAlg?: EncryptionAlgorithm;

  /** How its content is encrypted. None: A128CBC-HS256. */
  @IsOptional()
  @IsIn(contentEncryptions)
  authorizationEncryptedResponseEnc?: ContentEncryption;

  /** Whether only requests in a JWT response mode are answered (JARM §2.3), so that nobody can slip an unsigned answer in. */
  @IsBoolean()
  requireSignedAuthorizationResponse = false;

  /** When set, what introspection tells the client is a JWT signed by this algorithm (RFC 9701 §6). None: JSON, or a JWT where the request asks for one. */
  @IsOptional()
  @IsIn(signingAlgorithms)
  introspectionSignedResponseAlg?: SigningAlgorithm;

  /** How the key of an encrypted introspection answer travels to the client; none: it is not encrypted (RFC 9701 §6). */
  @IsOptional()
  @IsIn(encryptionAlgorithms)
  introspectionEncryptedResponseAlg?: EncryptionAlgorithm;

  /** How its content is encrypted. None: A128CBC-HS256. */
  @IsOptional()
  @IsIn(contentEncryptions)
  introspectionEncryptedResponseEnc?: ContentEncryption;

  /** Whether access tokens carry `jti`. A JWT without one cannot be revoked. */
  @IsBoolean()
  includeJwtId = true;

  /** Claims about the client, put into its client_credentials tokens under `clientClaimsPrefix`. */
  @IsArray()
  @ValidateNested({ each: true })
  claims: Claim[] = [];

  /** Whether `claims` also go into tokens in which a person takes part. */
  @IsBoolean()
  alwaysSendClientClaims = false;

  /** What stands before the names of `claims` in a token. */
  @IsString()
  clientClaimsPrefix = 'client_';

  /** Whether the claims of identity scopes are in the id_token and not at userinfo alone. */
  @IsBoolean()
  alwaysIncludeUserClaimsInIdToken = false;

  /** The types of authorization details that the client may ask for (RFC 9396 §10). Nothing is allowed until listed. */
  @IsArray()
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  authorizationDetailsTypes: string[] = [];

  /** What the client may exchange tokens for (RFC 8693). None: nothing, unless a policy of the application allows it. */
  @IsOptional()
  @ValidateNested()
  tokenExchange?: TokenExchangeRules;

  /** Anything else an extension wants to keep with the client. */
  @IsTextMap()
  properties: Record<string, string> = {};

  constructor(init: ClientInit) {
    Object.assign(this, presetsOf(init.profile), init);
    const { tokenExchange } = init;
    // What is no object stays as it is, for the check of the configuration to find.
    if (typeof tokenExchange === 'object') this.tokenExchange = new TokenExchangeRules(tokenExchange);
  }
}
