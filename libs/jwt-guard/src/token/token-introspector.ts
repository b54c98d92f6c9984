/** Asks an issuer about a reference token (RFC 7662). */
export abstract class TokenIntrospector {
  /**
   * The members of the issuer's answer about an active token, or undefined for one that is not active.
   * Rejects with an AccessTokenError (`issuer_unavailable`) where no answer can be had.
   */
  abstract introspect(token: string): Promise<Readonly<Record<string, unknown>> | undefined>;
}
