import type { SigningAlgorithm } from '@tessera/protocol';
import type { SigningKey } from '@tessera/resource-model';
import { publish, type PublishedDocument } from '../http/published-document.js';
import type { ResolvedOptions } from '../token-server.options.js';
import { nextChange, stateOf } from './key-life.js';
import type { ServerKey } from './server-key.js';

/** A stored key, and what signs and verifies with it. */
export interface LoadedKey {
  readonly stored: SigningKey;
  readonly key: ServerKey;
}

/** What the keys are good for from one change of a state to the next: worked out once, then only looked up. */
export class KeysInUse {
  /** All that are announced: another node may sign with one whose time has not come here. */
  readonly verifying: readonly ServerKey[];
  readonly signers: ReadonlyMap<SigningAlgorithm, ServerKey>;
  /** RFC 7517 §5. */
  readonly keySet: PublishedDocument;
  /** Seconds since 1970. */
  readonly validUntil: number;

  constructor(loaded: readonly LoadedKey[], now: number, { keys: rules, signingAlgorithms }: ResolvedOptions) {
    const stored = loaded.map((one) => one.stored);
    const states = loaded.map((one) => ({ key: one.key, state: stateOf(one.stored, stored, now, rules) }));
    this.verifying = states.filter(({ state }) => state !== 'deleted').map(({ key }) => key);
    // What an algorithm that is no longer configured has signed is still accepted; it signs nothing new.
    const signing = states.filter(({ key, state }) => state === 'signing' && signingAlgorithms.includes(key.algorithm));
    this.signers = new Map(signing.map(({ key }) => [key.algorithm, key]));
    this.keySet = publish({ keys: this.verifying.map(({ publicJwk }) => publicJwk) });
    this.validUntil = nextChange(stored, now, rules);
  }
}
