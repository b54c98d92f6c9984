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
import { signingAlgorithms, type SigningAlgorithm, type TokenEndpointAuthMethod } from '@tessera/protocol';
import { Claim } from './claim.js';
import { Secret } from './secret.js';
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
export type ClientInit = Pick<Client, 'clientId' | 'allowedGrantTypes'> & Partial<Client>;

/** An application that asks for tokens. Names and meanings follow IdentityServer4. */
export class Client {
  /** The name under which the client makes its requests. */
  @IsIdentifier()
  clientId!: string;

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

  /** False makes a public client, which shows nothing but its id. */
  @IsBoolean()
  requireClientSecret = true;

  /** When set, the only way the client may authenticate. None: any it has a secret for. */
  @IsOptional()
  @IsIn(['client_secret_basic', 'client_secret_post', 'none'])
  tokenEndpointAuthMethod?: TokenEndpointAuthMethod;

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

  /** Anything else an extension wants to keep with the client. */
  @IsTextMap()
  properties: Record<string, string> = {};

  constructor(init: ClientInit) {
    Object.assign(this, init);
  }
}
