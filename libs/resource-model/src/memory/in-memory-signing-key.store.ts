import type { SigningKey } from '../signing-key.js';
import { SigningKeyStore } from '../stores/signing-key.store.js';

/** Keeps the signing keys in memory: those that it is given, and new ones until the process ends. */
export class InMemorySigningKeyStore extends SigningKeyStore {
  private keys: readonly SigningKey[] = [];

  /** @throws Error where two keys have the same `kid`, or the same algorithm and generation */
  constructor(given: readonly SigningKey[] = []) {
    super();
    for (const key of given) {
      if (this.put(key)) continue;
      throw new Error(
        `The signing key ${key.kid} cannot be added: there is one of the same kid, or another of ${key.algorithm} with generation ${key.generation}. Give each key of an algorithm a generation of its own; the highest signs.`,
      );
    }
  }

  async list(): Promise<readonly SigningKey[]> {
    return this.keys;
  }

  async add(key: SigningKey): Promise<boolean> {
    return this.put(key);
  }

  async remove(kid: string): Promise<void> {
    this.keys = this.keys.filter((key) => key.kid !== kid);
  }

  private put(key: SigningKey): boolean {
    if (this.keys.some((other) => isSamePlace(key, other))) return false;
    this.keys = [...this.keys, key].sort((a, b) => a.createdAt - b.createdAt);
    return true;
  }
}

function isSamePlace({ kid, algorithm, generation }: SigningKey, other: SigningKey): boolean {
  return other.kid === kid || (other.algorithm === algorithm && other.generation === generation);
}
