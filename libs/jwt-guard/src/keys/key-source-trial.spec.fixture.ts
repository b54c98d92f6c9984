import type { VerificationKey } from '@tessera/jws';
import { LoopbackIssuer } from '../loopback-issuer.spec.fixture.js';
import { AccessTokenError } from '../token/access-token.error.js';
import type { IssuerKeyPolicy } from './issuer-key-policy.js';
import { IssuerKeySource } from './issuer-key-source.js';
import { IssuerMetadata } from './issuer-metadata.js';
import type { KeySource } from './key-source.js';

/** For each test of a file an issuer of its own, a clock that the test moves, and the failures that were told. */
export class KeySourceTrial {
  issuer!: LoopbackIssuer;
  /** Seconds. */
  now = 0;
  failures: string[] = [];
  /** How many fetches went well. */
  fetched = 0;

  constructor() {
    beforeEach(async () => {
      this.issuer = await LoopbackIssuer.start();
      this.now = 1_000_000;
      this.failures = [];
      this.fetched = 0;
    });
    afterEach(() => this.issuer.close());
  }

  policy(changes: Partial<IssuerKeyPolicy> = {}): IssuerKeyPolicy {
    return {
      issuer: this.issuer.url,
      cacheLifetime: 300,
      staleLifetime: 3_600,
      refetchCooldown: 30,
      fetchTimeout: 5,
      clock: () => this.now * 1000,
      ...changes,
    };
  }

  source(changes: Partial<IssuerKeyPolicy> = {}): IssuerKeySource {
    const policy = this.policy(changes);
    // A source that was left waiting fails after its test, and must not be heard in the next.
    const { failures } = this;
    return new IssuerKeySource(policy, new IssuerMetadata(policy), {
      onFetched: () => this.fetched++,
      onFailure: (error) => failures.push(error.message),
    });
  }

  /** The key set is asked for and not answered until the function that is returned is called. */
  hangKeys(): () => void {
    const waiting: (() => void)[] = [];
    this.issuer.faults.set('/jwks', (response) => {
      waiting.push(() => response.end(JSON.stringify({ keys: [...this.issuer.published.values()] })));
    });
    return () => {
      this.issuer.faults.delete('/jwks');
      waiting.forEach((answer) => answer());
    };
  }
}

/** `found`, or the code of the refusal. */
export async function outcome(keys: KeySource, kid = 'first'): Promise<string> {
  try {
    await keys.keyFor({ alg: 'ES256', kid });
    return 'found';
  } catch (error) {
    if (error instanceof AccessTokenError) return error.code;
    throw error;
  }
}

/** A key that is answered at once; a test fails where the answer is a promise. */
export function keyAtOnce(keys: KeySource, kid = 'first'): VerificationKey {
  const key = keys.keyFor({ alg: 'ES256', kid });
  if (key instanceof Promise) {
    key.catch(() => undefined);
    throw new Error(`the key '${kid}' made the caller wait`);
  }
  return key;
}

/** Lets work in the background go on until something has come to pass. */
export async function until(passed: () => boolean): Promise<void> {
  while (!passed()) await new Promise((resolve) => setImmediate(resolve));
}
