import type { SigningKey } from '../signing-key.js';
import { SigningKeyStore } from '../stores/signing-key.store.js';

export class InMemorySigningKeyStore extends SigningKeyStore {
  private readonly keys = new Map<string, SigningKey>();

  async list(): Promise<readonly SigningKey[]> {
    return [...this.keys.values()];
  }

  async add(key: SigningKey): Promise<void> {
    this.keys.set(key.kid, key);
  }

  async remove(kid: string): Promise<void> {
    this.keys.delete(kid);
  }
}
