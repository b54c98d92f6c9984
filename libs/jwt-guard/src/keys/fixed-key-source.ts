import type { VerificationKey } from '@tessera/jws';
import { AccessTokenError } from '../token/access-token.error.js';
import { KeySet, keySetMembers } from './key-set.js';
import { KeySource, type KeyedHeader, type KeySourceStatus } from './key-source.js';

/** Keys that were given with the configuration: nothing is fetched, and none ever goes. */
export class FixedKeySource extends KeySource {
  private keys: KeySet | undefined;
  private reading: Promise<KeySet> | undefined;

  /** Throws when the document is not a key set. */
  constructor(private readonly document: unknown) {
    super();
    keySetMembers(document);
  }

  override keyFor(header: KeyedHeader): VerificationKey | Promise<VerificationKey> {
    return this.keys ? find(this.keys, header) : this.read().then((keys) => find(keys, header));
  }

  override holds(key: VerificationKey): boolean {
    return this.keys?.has(key) ?? false;
  }

  override async prefetch(): Promise<void> {
    await this.read();
  }

  override status(): KeySourceStatus {
    if (this.keys?.isUsable === false) {
      return { usable: false, keyIds: [], failure: 'None of the configured keys (jwks) can check a signature.' };
    }
    return { usable: true, keyIds: this.keys?.keyIds ?? [] };
  }

  private async read(): Promise<KeySet> {
    this.reading ??= KeySet.read(this.document);
    return (this.keys = await this.reading);
  }
}

function find(keys: KeySet, header: KeyedHeader): VerificationKey {
  const key = keys.find(header);
  if (!key) throw new AccessTokenError('key_unknown', 'The token is signed with a key that is not configured.');
  return key;
}
