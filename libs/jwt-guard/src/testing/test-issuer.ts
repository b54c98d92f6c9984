import type { SigningAlgorithm } from '@tessera/protocol';
import type { JSONWebKeySet, JWK } from 'jose';
import type { JwtGuardOptions } from '../options/jwt-guard.options.js';
import { BadTokens } from './bad-tokens.js';
import type { Members } from './compact-token.js';
import { DpopHolder } from './dpop-holder.js';
import { encryptedToken, type EncryptOptions } from './encrypted-token.js';
import { KeyRing } from './key-ring.js';
import { TokenMint, type MintOptions, type TokenClaims } from './token-mint.js';
import { audienceOf, trustingOptions, type OwnOptions, type TestTrust } from './trusting-options.js';

export interface TestIssuerOptions {
  /** Default `https://issuer.test`. */
  issuer?: string;
  /** The `aud` of tokens. Default: the audience of the API that is made to trust this issuer, and `api1` until then. */
  audience?: string | readonly string[];
  /** Default `ES256`. */
  algorithm?: SigningAlgorithm;
  /** Claims of each token beside the usual ones, or in their place; undefined takes one out. For issuers that write others. */
  claims?: TokenClaims;
  /** Members of the header of each token: `{ typ: 'JWT' }` for issuers that do not set `at+jwt`. */
  header?: Members;
  /** The present time in milliseconds since the epoch. Default `Date.now`, so that the fake timers of a test runner count. */
  clock?: () => number;
}

/** An issuer without a server: makes tokens at once, and tells a guard which keys check them. */
export class TestIssuer {
  /** Letter for letter the `iss` of its tokens. */
  readonly issuer: string;
  /** Tokens that an API must refuse. */
  readonly bad: BadTokens;
  /** The present time as this issuer and the guards see it, in milliseconds since the epoch. */
  readonly clock: () => number;
  protected readonly keys: KeyRing;
  private readonly mint: TokenMint;
  private isForAnyAudience: boolean;
  /** Seconds by which the clock was moved. */
  private moved = 0;

  constructor(options: TestIssuerOptions = {}) {
    const { issuer = 'https://issuer.test', algorithm = 'ES256', claims = {}, header = {}, audience } = options;
    // Asked for each time: fake timers may come after the issuer.
    const { clock = () => Date.now() } = options;
    this.clock = () => clock() + this.moved * 1000;
    this.issuer = issuer;
    this.keys = new KeyRing(issuer, algorithm);
    const onMinted = (token: string, signed: Members): void => this.minted(token, signed);
    const stock = { issuer, keys: this.keys, claims, header, clock: this.clock, onMinted };
    this.mint = new TokenMint(stock, audience ?? 'api1');
    this.isForAnyAudience = audience === undefined;
    this.bad = new BadTokens(this.mint);
  }

  /** The present time in seconds since the epoch, as tokens write it. */
  get now(): number {
    return this.mint.now;
  }

  /** The `aud` of its tokens. */
  get audience(): string | readonly string[] {
    return this.mint.audience;
  }

  /** Moves the clock of this issuer and of the guards that trust it. Seconds; negative moves it back. */
  advance(seconds: number): void {
    this.moved += seconds;
  }

  /** A good token, of `alice` by `test-client`, for an hour and without scopes, changed by what is given. */
  token(claims?: TokenClaims, options?: MintOptions): string {
    return this.mint.token(claims, options);
  }

  /** The Authorization header with a good token: `fetch(url, { headers: issuer.headers({ scopes: ['orders.read'] }) })`. */
  headers(claims?: TokenClaims, options?: MintOptions): { authorization: string } {
    return { authorization: `Bearer ${this.token(claims, options)}` };
  }

  /** The claims that `token()` would sign. */
  claims(given?: TokenClaims, options?: MintOptions): Members {
    return this.mint.claims(given, options);
  }

  /**
   * A token, good or bad, of this issuer or of a holder, encrypted to an API: `await issuer.encrypt(issuer.token(), apiKey)`. Of the key,
   * one of `decryption.keys` of the API, the public part is used.
   */
  async encrypt(token: string, to: JWK, options?: EncryptOptions): Promise<string> {
    return encryptedToken(token, to, options);
  }

  /** A client with a key of its own, for tokens that are bound to it (RFC 9449). */
  dpopHolder(algorithm: SigningAlgorithm = 'ES256'): DpopHolder {
    return new DpopHolder(this.mint, algorithm);
  }

  /** The public keys. */
  jwks(): JSONWebKeySet {
    return this.keys.jwks();
  }

  /**
   * Options for a guard that trusts this issuer and no other, by its clock. Those of the API are kept, as far as they do not say
   * whom it trusts: `forRoot(issuer.guardOptions({ audience: 'orders', dpop: 'allowed' }))`.
   */
  guardOptions(own: OwnOptions = {}): JwtGuardOptions {
    const audience = audienceOf(own, this.issuer);
    if (this.isForAnyAudience && audience !== undefined) {
      this.mint.audience = audience;
      this.isForAnyAudience = false;
    }
    return trustingOptions(own, { ...this.trust(), audience: audience ?? this.audience });
  }

  /** What a guard is told about this issuer. */
  protected trust(): Omit<TestTrust, 'audience'> {
    const { issuer, clock } = this;
    return { issuer, clock, jwks: this.jwks() };
  }

  /** Called for each token that is made. */
  protected minted(_token: string, _claims: Members): void {
    // There is nobody who could ask about it.
  }
}
