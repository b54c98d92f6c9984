import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { OAuthError, type SigningAlgorithm } from '@tessera/protocol';
import { Clock, SigningKeyStore } from '@tessera/resource-model';
import { publish, type PublishedDocument } from '../http/published-document.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { generateSigningKey } from './generate-signing-key.js';
import { ServerKey } from './server-key.js';

/** The server's keys, ready for use: the newest of an algorithm signs, all of them verify and are announced. */
@Injectable()
export class KeyRing implements OnModuleInit {
  private keys: readonly ServerKey[] = [];
  private signers: ReadonlyMap<SigningAlgorithm, ServerKey> = new Map();
  private announced = publish({ keys: [] });

  constructor(
    private readonly store: SigningKeyStore,
    private readonly clock: Clock,
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** Makes the keys that are missing, then takes all into use. */
  async onModuleInit(): Promise<void> {
    const known = await this.store.list();
    for (const algorithm of this.options.signingAlgorithms) {
      if (!known.some((key) => key.algorithm === algorithm)) {
        await this.store.add(await generateSigningKey(algorithm, this.clock.now()));
      }
    }
    await this.reload();
  }

  /** Takes the store's keys into use: new ones sign from now on, tokens of removed ones are no longer accepted. */
  async reload(): Promise<void> {
    const keys = (await this.store.list()).map((key) => new ServerKey(key));
    this.keys = keys;
    // What an algorithm that is no longer configured has signed is still accepted; it signs nothing new.
    const signing = keys.filter(({ algorithm }) => this.options.signingAlgorithms.includes(algorithm));
    this.signers = new Map(signing.map((key) => [key.algorithm, key]));
    this.announced = publish({ keys: keys.map(({ publicJwk }) => publicJwk) });
  }

  /** The key that signs: of the first algorithm asked for that the server has, or of its default where nobody asks. */
  signer(algorithms?: readonly SigningAlgorithm[]): ServerKey {
    const wanted = algorithms ?? this.options.signingAlgorithms.slice(0, 1);
    for (const algorithm of wanted) {
      const key = this.signers.get(algorithm);
      if (key) return key;
    }
    throw new OAuthError('invalid_target', 'No key signs for all of the resources: ask for them one at a time.');
  }

  /** The key that made a token with this header, if it is one of ours. */
  verifier(encodedHeader: string, type: string): ServerKey | undefined {
    return this.keys.find((key) => key.header(type) === encodedHeader);
  }

  /** RFC 7517 §5. */
  get keySet(): PublishedDocument {
    return this.announced;
  }
}
