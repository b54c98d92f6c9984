import type { SigningAlgorithm } from '@tessera/protocol';
import type { JSONWebKeySet } from 'jose';
import { SigningKey } from './signing-key.js';

/** The keys of a test issuer: one signs, some are published, and those that were removed can still sign. */
export class KeyRing {
  private readonly keys = new Map<string, SigningKey>();
  private readonly published = new Set<string>();
  private currentKid = '';

  constructor(
    private readonly owner: string,
    private readonly algorithm: SigningAlgorithm,
  ) {
    this.add();
  }

  get current(): SigningKey {
    return this.find(this.currentKid);
  }

  get all(): readonly SigningKey[] {
    return [...this.keys.values()];
  }

  /** A further key, published at once, that signs from now on. */
  add(algorithm: SigningAlgorithm = this.algorithm): SigningKey {
    const key = SigningKey.of(this.owner, `key-${this.keys.size + 1}`, algorithm);
    this.keys.set(key.kid, key);
    this.published.add(key.kid);
    this.currentKid = key.kid;
    return key;
  }

  remove(kid: string): void {
    this.find(kid);
    this.published.delete(kid);
  }

  find(kid: string): SigningKey {
    const key = this.keys.get(kid);
    if (key) return key;
    throw new Error(`This issuer has no key '${kid}'; it has ${[...this.keys.keys()].join(', ')}.`);
  }

  jwks(): JSONWebKeySet {
    return { keys: [...this.published].map((kid) => this.find(kid).publicJwk) };
  }
}
