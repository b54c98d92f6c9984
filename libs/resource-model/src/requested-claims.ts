/** Names of claims that a request asks for beside those of its scopes, by the place they shall be in (OpenID Connect Core §5.5). */
export interface RequestedClaims {
  readonly idToken: readonly string[];
  readonly userinfo: readonly string[];
}
