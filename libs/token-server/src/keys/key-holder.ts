/** Whoever has public keys of its own: a client, an issuer that is trusted. Either holds them or says where they are published. */
export interface KeyHolder {
  readonly jwks?: { readonly keys: readonly object[] };
  readonly jwksUri?: string;
  /** Of a client. */
  readonly clientId?: string;
}

/** A key that is looked for, as the header of a JWS names it (RFC 7515 §4.1.1, §4.1.4). */
export interface NamedKey {
  readonly alg: unknown;
  readonly kid?: unknown;
}

/** There is no key of somebody else to be had. The message says why: for the log, and for who configures the client. */
export class KeyUnavailableError extends Error {
  override readonly name = 'KeyUnavailableError';
}
