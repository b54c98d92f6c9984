import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { OAuthError, type SigningAlgorithm } from '@tessera/protocol';
import { Clock, ConfigurationError, type KeyMaterial, type SigningKey, SigningKeyStore } from '@tessera/resource-model';
import type { PublishedDocument } from '../http/published-document.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { dueKey, kidChanges, newestOf, stateOf } from './key-life.js';
import { KeyVault } from './key-vault.js';
import { KeysInUse, type LoadedKey } from './keys-in-use.js';
import { LocalKeyVault } from './local-key.vault.js';
import { ServerKey } from './server-key.js';

/** Seconds in which every node and every cache in between has heard of a new key: what `propagationTime` is at the least. */
const quickPropagation = 900;

/** The server's keys, ready for use: of each algorithm one signs, and all that are announced verify. */
@Injectable()
export class KeyRing implements OnModuleInit {
  private readonly logger = new Logger('TokenServer');
  private loaded: readonly LoadedKey[] = [];
  private inUse: KeysInUse;
  private lastReading = 0;
  private usedReading = 0;

  constructor(
    private readonly store: SigningKeyStore,
    private readonly clock: Clock,
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly vault: KeyVault = new LocalKeyVault(),
  ) {
    this.inUse = this.take([]);
  }

  /** @throws ConfigurationError where an algorithm has no key, and the server is not to make one */
  async onModuleInit(): Promise<void> {
    await this.maintain();
    const lacking = this.options.signingAlgorithms.filter((algorithm) => !this.current.signers.has(algorithm));
    if (lacking.length === 0) return;
    const problem = `the store holds no key for it, and with keys.automatic: false the server makes none: add one to the store (readSigningKey reads PEM and JWK files), or leave the algorithm out`;
    throw new ConfigurationError(lacking.map((value) => ({ path: 'signingAlgorithms', value, problem })));
  }

  /** Reads the keys that other nodes have made, makes those that are due, and removes those whose time is over. */
  async maintain(): Promise<void> {
    await this.reload();
    const changes = this.options.keys.automatic ? [await this.makeDue(), await this.removeDeleted()] : [];
    if (changes.includes(true)) await this.reload();
  }

  /** Takes the store's keys into use. Where the store fails the keys stay as they are. */
  async reload(): Promise<void> {
    const reading = ++this.lastReading;
    const keys = await this.store.list();
    // An answer that was overtaken by a later one could bring a revoked key back.
    if (reading < this.usedReading) return;
    this.usedReading = reading;
    this.loaded = keys.map((stored) => ({ stored, key: this.keyOf(stored) }));
    this.inUse = this.take(this.loaded);
  }

  /** As `reload`, where the store has other keys than those in use. Costs next to nothing, so that a revoked key can be missed soon. */
  async follow(): Promise<void> {
    const kids = await this.store.kids();
    const known = this.loaded.map(({ key }) => key.kid);
    const changes = kidChanges(known, kids);
    if (changes.length === 0) return;
    await this.reload();
    this.logger.log(`The signing keys in the store have changed: ${changes.join(', ')}`);
  }

  /**
   * Makes the next key of an algorithm now, whenever it would be due. It signs when it was announced for `announcement` seconds: by default as soon
   * as all nodes and caches can know it, with 0 at once.
   */
  async rotate(algorithm: SigningAlgorithm, announcement = quickPropagation): Promise<SigningKey> {
    const material = await this.vault.generate(algorithm);
    const key = await this.adopt(material, announcement);
    if (key) return key;
    throw new Error(`The key vault gave the key ${material.kid} (${algorithm}), which the store has already.`);
  }

  /** Makes a key from elsewhere the next of its algorithm, as `rotate` does with a new one. Undefined where the store has it already. */
  async adopt(material: KeyMaterial, announcement = quickPropagation): Promise<SigningKey | undefined> {
    for (;;) {
      const keys = await this.store.list();
      if (keys.some(({ kid }) => kid === material.kid)) return undefined;
      const newest = newestOf(keys.filter((key) => key.algorithm === material.algorithm));
      const now = this.clock.now();
      const life = { generation: (newest?.generation ?? 0) + 1, createdAt: now, signsFrom: now + announcement };
      const key = { ...material, ...life };
      // Another node may have made a key of this generation in the meantime.
      if (!(await this.store.add(key))) continue;
      this.logNew(key);
      await this.reload();
      return key;
    }
  }

  /**
   * For a key that others may know: its tokens are refused at once here, and on other nodes when they read the keys again. If it was the one that
   * signs, a new key does from now on; one that was announced already is passed over, since who knows the one may know the other. False where there is no such key.
   */
  async revoke(kid: string): Promise<boolean> {
    const keys = await this.store.list();
    const key = keys.find((one) => one.kid === kid);
    if (!key) return false;
    const signs = stateOf(key, keys, this.clock.now(), this.options.keys) === 'signing';
    // First the new one: without any key that signs, one of the retired would again. An algorithm that is no longer configured needs none.
    if (signs && this.options.signingAlgorithms.includes(key.algorithm)) await this.rotate(key.algorithm, 0);
    await this.remove(key);
    await this.reload();
    this.logger.warn(`The signing key ${kid} (${key.algorithm}) was revoked: its tokens are refused`);
    return true;
  }

  /** The key that signs: of the first algorithm asked for that the server has, or of its default where nobody asks. */
  signer(algorithms?: readonly SigningAlgorithm[]): ServerKey {
    const { signers } = this.current;
    const wanted = algorithms ?? this.options.signingAlgorithms.slice(0, 1);
    for (const algorithm of wanted) {
      const key = signers.get(algorithm);
      if (key) return key;
    }
    throw new OAuthError('invalid_target', 'No key signs for all of the resources: ask for them one at a time.');
  }

  /** The key that made a token with this header, if it is one of ours. */
  verifier(encodedHeader: string, type: string): ServerKey | undefined {
    return this.current.verifying.find((key) => key.header(type) === encodedHeader);
  }

  /** RFC 7517 §5. */
  get keySet(): PublishedDocument {
    return this.current.keySet;
  }

  /** States change by the clock, not by the store: also while it is away. */
  private get current(): KeysInUse {
    if (this.clock.now() >= this.inUse.validUntil) this.inUse = this.take(this.loaded);
    return this.inUse;
  }

  private take(loaded: readonly LoadedKey[]): KeysInUse {
    return new KeysInUse(loaded, this.clock.now(), this.options);
  }

  /** A key that is in use already stays the same object: a key service may have opened a session for it. */
  private keyOf(stored: SigningKey): ServerKey {
    const known = this.loaded.find(({ key }) => key.kid === stored.kid && key.algorithm === stored.algorithm);
    if (known) return known.key;
    try {
      return new ServerKey(stored, this.vault.signer(stored));
    } catch (cause) {
      throw new Error(
        `The signing key ${stored.kid} (${stored.algorithm}) in the store cannot be used: ${(cause as Error).message}. Remove it from the store, or put it right.`,
        { cause },
      );
    }
  }

  private async makeDue(): Promise<boolean> {
    const now = this.clock.now();
    const due = this.options.signingAlgorithms.flatMap((algorithm) => {
      const own = this.loaded.map(({ stored }) => stored).filter((key) => key.algorithm === algorithm);
      const life = dueKey(own, now, this.options.keys);
      return life ? [{ algorithm, life }] : [];
    });
    for (const { algorithm, life } of due) {
      const key = { ...(await this.vault.generate(algorithm)), ...life, createdAt: now };
      if (await this.store.add(key)) this.logNew(key);
      // A vault that gives the same key each time would lose the one that is in use.
      else if (!(await this.store.kids()).includes(key.kid)) await this.discard(key);
    }
    return due.length > 0;
  }

  private async removeDeleted(): Promise<boolean> {
    const now = this.clock.now();
    const keys = this.loaded.map(({ stored }) => stored);
    const deleted = keys.filter((key) => stateOf(key, keys, now, this.options.keys) === 'deleted');
    for (const key of deleted) await this.remove(key);
    return deleted.length > 0;
  }

  private async remove(key: SigningKey): Promise<void> {
    await this.store.remove(key.kid);
    await this.discard(key);
  }

  /** What cannot be destroyed is no danger to anybody: it is out of the key set. */
  private async discard(key: KeyMaterial): Promise<void> {
    await this.vault.discard(key).catch((error: Error) => {
      this.logger.warn(`The signing key ${key.kid} is no longer in use, but its vault keeps it: ${error.message}`);
    });
  }

  private logNew({ kid, algorithm, signsFrom }: SigningKey): void {
    this.logger.log(`New signing key ${kid} (${algorithm}): signs from ${new Date(signsFrom * 1000).toISOString()}`);
  }
}
