import type { VerificationKey } from '@tessera/jws';
import type { KeySource } from '../keys/key-source.js';
import type { IssuerSettings } from '../options/issuer-settings.js';
import { readHeader } from '../token/token-header.js';
import type { TokenIntrospector } from '../token/token-introspector.js';

/** Headers of good tokens: an issuer has one for each of its keys, and few keys. */
const mostHeaders = 100;

/** An issuer whose tokens are accepted: what is asked of them, its keys, and how it is asked about reference tokens. */
export class TrustedIssuer {
  /** A header that led to a key leads to it again, while the issuer has that key. Only headers with a good signature get here. */
  private readonly keysByHeader = new Map<string, VerificationKey>();

  constructor(
    readonly settings: IssuerSettings,
    readonly keys: KeySource,
    readonly introspector: TokenIntrospector | undefined,
    /** Milliseconds since the epoch; a resolver's word holds for a while only. */
    public trustedUntil = Infinity,
  ) {}

  /** The key for an encoded header. Fails with an AccessTokenError. */
  keyFor(encodedHeader: string): VerificationKey | Promise<VerificationKey> {
    const known = this.keysByHeader.get(encodedHeader);
    return known && this.keys.holds(known) ? known : this.keys.keyFor(readHeader(encodedHeader, this.settings));
  }

  rememberHeader(encodedHeader: string, key: VerificationKey): void {
    if (this.keysByHeader.get(encodedHeader) === key) return;
    if (this.keysByHeader.size >= mostHeaders) this.keysByHeader.clear();
    this.keysByHeader.set(encodedHeader, key);
  }
}
