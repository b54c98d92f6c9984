import type { SigningAlgorithm } from '@tessera/protocol';
import type { KeyMaterial } from '@tessera/resource-model';

/** Makes signatures with one private key. */
export interface Signer {
  /** The JWS signature of `data` (RFC 7518 §3) in base64url; of ECDSA r and s side by side (§3.4), not DER. */
  sign(data: string): string | Promise<string>;
}

/** Where private keys are made and used: in this process, unless an application provides another, e.g. a hardware module or a key service. */
export abstract class KeyVault {
  /** A new key pair. What it returns is stored; hardware leaves the private members out and puts in what it finds the key by. */
  abstract generate(algorithm: SigningAlgorithm): Promise<KeyMaterial>;

  /** What signs with a stored key. Called once for each key that the server takes into use. */
  abstract signer(key: KeyMaterial): Signer;

  /**
   * Told of a key that no server of ours will sign with again: it was deleted or revoked, or another node's was taken instead. Where private keys are
   * kept elsewhere they can be destroyed there. Several nodes may tell of the same key.
   */
  async discard(_key: KeyMaterial): Promise<void> {}
}
