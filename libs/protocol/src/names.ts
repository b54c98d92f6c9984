/** The grants of RFC 6749, RFC 8628, RFC 8693, RFC 7523 and OpenID Connect CIBA that are built in; an absolute URI names a grant of one's own (RFC 6749 §4.5). */
export const GrantTypes = {
  authorizationCode: 'authorization_code',
  clientCredentials: 'client_credentials',
  password: 'password',
  refreshToken: 'refresh_token',
  deviceCode: 'urn:ietf:params:oauth:grant-type:device_code',
  tokenExchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
  jwtBearer: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  ciba: 'urn:openid:params:grant-type:ciba',
} as const;

/** What a client lists to use the authorize endpoint without a code, or with more than one; there is no such `grant_type`. */
export const FlowTypes = { implicit: 'implicit', hybrid: 'hybrid' } as const;

/** Scopes with a meaning of their own (OpenID Connect Core §5.4 and §11). */
export const Scopes = {
  openid: 'openid',
  profile: 'profile',
  email: 'email',
  address: 'address',
  phone: 'phone',
  offlineAccess: 'offline_access',
} as const;

/** The `typ` header tells the kinds of JWT apart (RFC 8725 §3.11). */
export const TokenTypes = {
  accessToken: 'at+jwt',
  idToken: 'JWT',
  logoutToken: 'logout+jwt',
  userinfo: 'JWT',
  /** What a client authenticates with (RFC 10070 §4). */
  clientAssertion: 'client-authentication+jwt',
  /** An authorize request that its client has signed (RFC 9101 §10.8.1). */
  requestObject: 'oauth-authz-req+jwt',
  authorizationResponse: 'oauth-authz-resp+jwt',
  introspection: 'token-introspection+jwt',
} as const;

/** What a token is called in a token exchange (RFC 8693 §3). */
export const TokenTypeIdentifiers = {
  accessToken: 'urn:ietf:params:oauth:token-type:access_token',
  refreshToken: 'urn:ietf:params:oauth:token-type:refresh_token',
  idToken: 'urn:ietf:params:oauth:token-type:id_token',
  jwt: 'urn:ietf:params:oauth:token-type:jwt',
} as const;

/** How a client shows who it is at the token endpoint (OpenID Connect Core §9, RFC 8705 §2). */
export const tokenEndpointAuthMethods = [
  'client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt',
  'tls_client_auth', 'self_signed_tls_client_auth',
  'none',
] as const; // prettier-ignore
export type TokenEndpointAuthMethod = (typeof tokenEndpointAuthMethods)[number];

/** How a client gets the answer of a person whom it asked in the back channel (CIBA Core §5). Tokens are pushed to nobody. */
export const backchannelDeliveryModes = ['poll', 'ping'] as const;
export type BackchannelDeliveryMode = (typeof backchannelDeliveryModes)[number];

/** The signature algorithms that this platform signs and accepts (RFC 7518 §3, RFC 8037): asymmetric ones only. */
export const signingAlgorithms = [
  'RS256', 'RS384', 'RS512',
  'PS256', 'PS384', 'PS512',
  'ES256', 'ES384', 'ES512',
  'EdDSA',
] as const; // prettier-ignore
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

/** The algorithm that a header names, if it is one of them. `Ed25519` is the later name of what `EdDSA` means with that curve (RFC 9864 §2.2). */
export function signingAlgorithmOf(alg: unknown): SigningAlgorithm | undefined {
  return alg === 'Ed25519' ? 'EdDSA' : signingAlgorithms.find((algorithm) => algorithm === alg);
}

/** What a client signs an assertion with that shares a secret with the server (RFC 7518 §3.2). */
export const secretAlgorithms = ['HS256', 'HS384', 'HS512'] as const;
export type SecretAlgorithm = (typeof secretAlgorithms)[number];

/**
 * How the key of an encrypted token travels to its recipient (RFC 7518 §4.1). RSA1_5 is not among them: who decrypts it can be made to give the content
 * away (RFC 8725 §3.2).
 */
export const encryptionAlgorithms = [
  'RSA-OAEP',
  'RSA-OAEP-256',
  'ECDH-ES',
  'ECDH-ES+A128KW',
  'ECDH-ES+A256KW',
] as const;
export type EncryptionAlgorithm = (typeof encryptionAlgorithms)[number];

/** How the content of an encrypted token is encrypted (RFC 7518 §5.1). */
export const contentEncryptions = ['A128CBC-HS256', 'A256CBC-HS512', 'A128GCM', 'A256GCM'] as const;
export type ContentEncryption = (typeof contentEncryptions)[number];

/** Claims that the server alone sets: no user claim and no client claim may take their place (RFC 9068 §2.2, OpenID Connect Core §2). */
export const protocolClaims: ReadonlySet<string> = new Set([
  'iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'client_id', 'scope', 'azp', 'nonce',
  'authorization_details', 'auth_time', 'acr', 'amr', 'sid', 'at_hash', 'c_hash', 's_hash', 'cnf', 'act', 'may_act',
  'active', 'token_type', 'username', 'events', 'userinfo_claims',
]); // prettier-ignore
