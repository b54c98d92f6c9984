import { contentEncryptions, encryptionAlgorithms } from '@tessera/protocol';
import { algorithmsOf, DecryptionKey } from '../decryption/decryption-key.js';
import type { DecryptionOptions } from './jwt-guard.options.js';

/** How encrypted tokens are opened, with every default in place. */
export interface DecryptionSettings {
  readonly keys: readonly DecryptionKey[];
  readonly contentEncryptions: ReadonlySet<unknown>;
  /** Whether tokens that are only signed are refused. */
  readonly required: boolean;
}

/** The options must have been found without fault. Keys are read here, once. */
export function decryptionSettings(options: DecryptionOptions): DecryptionSettings {
  const accepted = options.algorithms ?? encryptionAlgorithms;
  return {
    keys: options.keys.map((jwk) => {
      const algorithms = algorithmsOf(jwk).filter((algorithm) => accepted.includes(algorithm));
      return new DecryptionKey(jwk, new Set(algorithms));
    }),
    contentEncryptions: new Set(options.contentEncryptions ?? contentEncryptions),
    required: options.required ?? false,
  };
}
