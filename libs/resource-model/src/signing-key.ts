import type { SigningAlgorithm } from '@tessera/protocol';

/** A key pair as it comes from wherever it was made. */
export interface KeyMaterial {
  /** The RFC 7638 thumbprint of the public key. */
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  /** The private key as a JWK (RFC 7517). Where hardware keeps it: the public key, and members by which the hardware finds the other half. */
  readonly privateJwk: Readonly<Record<string, unknown>>;
}

/** A key with which the server signs, and whose public half it announces. */
export interface SigningKey extends KeyMaterial {
  /** Counts the keys of an algorithm, from 1: each key retires the ones with lower numbers. No two of an algorithm have the same. */
  readonly generation: number;
  /** Seconds since 1970: announced from then on. */
  readonly createdAt: number;
  /** Seconds since 1970: signs from then on, until a key of a higher generation does. */
  readonly signsFrom: number;
}
