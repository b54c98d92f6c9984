/** The grants of RFC 6749 and RFC 8628 that are built in; an absolute URI names a grant of one's own (§4.5). */
export const GrantTypes = {
  authorizationCode: 'authorization_code',
  clientCredentials: 'client_credentials',
  password: 'password',
  refreshToken: 'refresh_token',
  deviceCode: 'urn:ietf:params:oauth:grant-type:device_code',
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
} as const;

/** How a client shows who it is at the token endpoint (OpenID Connect Core §9). */
export type TokenEndpointAuthMethod = 'client_secret_basic' | 'client_secret_post' | 'none';

/** The signature algorithms that this platform signs and accepts (RFC 7518 §3, RFC 8037): asymmetric ones only. */
export const signingAlgorithms = [
  'RS256', 'RS384', 'RS512',
  'PS256', 'PS384', 'PS512',
  'ES256', 'ES384', 'ES512',
  'EdDSA',
] as const; // prettier-ignore
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

/** Claims that the server alone sets: no user claim and no client claim may take their place (RFC 9068 §2.2, OpenID Connect Core §2). */
export const protocolClaims: ReadonlySet<string> = new Set([
  'iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'client_id', 'scope', 'azp', 'nonce',
  'auth_time', 'acr', 'amr', 'sid', 'at_hash', 'c_hash', 's_hash', 'cnf', 'act', 'may_act',
  'active', 'token_type', 'username', 'events', 'userinfo_claims',
]); // prettier-ignore
