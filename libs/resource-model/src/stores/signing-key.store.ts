import type { SigningKey } from '../signing-key.js';

/** The server's signing keys, several at once. */
export abstract class SigningKeyStore {
  /** All keys, oldest first. */
  abstract list(): Promise<readonly SigningKey[]>;

  abstract add(key: SigningKey): Promise<void>;

  /** A removed key is no longer announced, and no token it signed is accepted. */
  abstract remove(kid: string): Promise<void>;
}
