import type { SigningAlgorithm } from '@tessera/protocol';

/** A private key with which the server signs, and whose public half it announces. */
export interface SigningKey {
  /** The RFC 7638 thumbprint of the public key. */
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  /** The private key as a JWK (RFC 7517). */
  readonly privateJwk: Readonly<Record<string, unknown>>;
  /** Seconds since 1970. */
  readonly createdAt: number;
}
