import type { SigningKey } from '../signing-key.js';

/** The server's signing keys, several at once. */
export abstract class SigningKeyStore {
  /** All keys, oldest first. */
  abstract list(): Promise<readonly SigningKey[]>;

  /** The `kid`s of all keys, in any order. A key never changes, so these tell whether anything has: every server asks each second. */
  async kids(): Promise<readonly string[]> {
    return (await this.list()).map(({ kid }) => kid);
  }

  /**
   * Adds a key in one atomic step, unless there is one of the same algorithm and generation, or of the same `kid`. Of any number of nodes
   * that make the next key at once exactly one is told true; the others read again and find the key that won.
   */
  abstract add(key: SigningKey): Promise<boolean>;

  /** A removed key is no longer announced, and no token it signed is accepted. Nothing happens where it is gone already. */
  abstract remove(kid: string): Promise<void>;
}
