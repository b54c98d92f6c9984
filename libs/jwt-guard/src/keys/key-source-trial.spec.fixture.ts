import { LoopbackIssuer } from '../loopback-issuer.spec.fixture.js';
import { GuardSettings } from '../options/guard-settings.js';
import type { JwtGuardOptions } from '../options/jwt-guard.options.js';
import { AccessTokenError } from '../token/access-token.error.js';
import { IssuerKeySource } from './issuer-key-source.js';

/** For each test of a file an issuer of its own, a clock that the test moves, and the failures that were told. */
export class KeySourceTrial {
  issuer!: LoopbackIssuer;
  /** Seconds. */
  now = 0;
  failures: string[] = [];

  constructor() {
    beforeEach(async () => {
      this.issuer = await LoopbackIssuer.start();
      this.now = 1_000_000;
      this.failures = [];
    });
    afterEach(() => this.issuer.close());
  }

  source(options: Partial<JwtGuardOptions> = {}): IssuerKeySource {
    const clock = () => this.now * 1000;
    const settings = new GuardSettings({ issuer: this.issuer.url, audience: 'api1', clock, ...options });
    return new IssuerKeySource(settings, (error) => this.failures.push(error.message));
  }
}

/** `found`, or the code of the refusal. */
export async function outcome(keys: IssuerKeySource, kid = 'first'): Promise<string> {
  try {
    await keys.keyFor({ alg: 'ES256', kid });
    return 'found';
  } catch (error) {
    if (error instanceof AccessTokenError) return error.code;
    throw error;
  }
}
