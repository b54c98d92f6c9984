import { createHmac } from 'node:crypto';
import { compactToken } from './compact-token.js';
import { SigningKey } from './signing-key.js';
import type { TokenClaims, TokenMint } from './token-mint.js';

/** Makes a token that is refused. */
export type MakeBadToken = (claims?: TokenClaims) => string;

/** Tokens that every API must refuse. But for what makes them bad they are good ones: give the claims that would let them in. */
export class BadTokens {
  constructor(private readonly mint: TokenMint) {}

  /** Ended an hour ago. */
  readonly expired: MakeBadToken = (claims) => {
    const { now } = this.mint;
    return this.mint.token({ iat: now - 7_200, exp: now - 3_600, ...claims });
  };

  /** Begins in an hour (`nbf`). */
  readonly notYetValid: MakeBadToken = (claims) =>
    this.mint.token({ nbf: this.mint.now + 3_600, exp: this.mint.now + 7_200, ...claims });

  /** Was issued in an hour (`iat`). */
  readonly issuedInTheFuture: MakeBadToken = (claims) =>
    this.mint.token({ iat: this.mint.now + 3_600, exp: this.mint.now + 7_200, ...claims });

  readonly withoutExpiry: MakeBadToken = (claims) => this.mint.token({ ...claims, exp: undefined });

  readonly forOtherAudience: MakeBadToken = (claims) => this.mint.token({ ...claims, aud: 'https://other-api.test' });

  readonly withoutAudience: MakeBadToken = (claims) => this.mint.token({ ...claims, aud: undefined });

  /** A good token of somebody whom this API does not trust. */
  readonly ofOtherIssuer: MakeBadToken = (claims) =>
    this.signedBy(stranger(this.mint), { ...claims, iss: 'https://other-issuer.test' });

  /** The issuer's name with a slash at its end, or without the one that it has. */
  readonly ofIssuerWithOtherSlash: MakeBadToken = (claims) => {
    const { issuer } = this.mint.stock;
    return this.mint.token({ ...claims, iss: issuer.endsWith('/') ? issuer.slice(0, -1) : `${issuer}/` });
  };

  /** In the name of the issuer and of its key, signed by somebody else. */
  readonly withWrongSignature: MakeBadToken = (claims) => this.signedBy(stranger(this.mint), claims);

  /** Signed by a key that the issuer does not publish. */
  readonly withUnknownKey: MakeBadToken = (claims) => this.signedBy(stranger(this.mint), claims, { kid: 'unknown' });

  /** Signed by somebody else who sends his key along (`jwk`). */
  readonly withKeyInHeader: MakeBadToken = (claims) => {
    const key = stranger(this.mint);
    return this.signedBy(key, claims, { jwk: key.publicJwk, kid: undefined });
  };

  /** Another person was written into it after it was signed. */
  readonly tampered: MakeBadToken = (claims) => {
    const token = this.mint.token(claims);
    const forged = { ...this.mint.claims(claims), sub: 'mallory' };
    return compactToken(this.mint.header(), forged, () => token.slice(token.lastIndexOf('.') + 1));
  };

  /** `alg: none`. */
  readonly unsigned: MakeBadToken = (claims) =>
    compactToken({ ...this.mint.header(), alg: 'none' }, this.mint.claims(claims), () => '');

  /** HS256 with the text of the public key as the secret. */
  readonly signedWithPublicKey: MakeBadToken = (claims) => {
    const secret = this.mint.stock.keys.current.publicPem;
    return compactToken({ ...this.mint.header(), alg: 'HS256' }, this.mint.claims(claims), (input) =>
      createHmac('sha256', secret).update(input).digest('base64url'),
    );
  };

  /** Says to a client who signed in; no access token, though its `aud` is this API. */
  readonly idToken: MakeBadToken = (claims) =>
    this.mint.token(
      { nonce: 'n-0S6_WzA2Mj', at_hash: '77QmUPtjPfzWtF2AnpK9RQ', ...claims },
      { header: { typ: 'JWT' } },
    );

  /** Demands an extension that nobody knows (`crit`). */
  readonly withUnknownExtension: MakeBadToken = (claims) =>
    this.mint.token(claims, {
      header: { crit: ['https://issuer.test/extension'], 'https://issuer.test/extension': true },
    });

  /** Bound to the key of a DPoP proof that does not come along. */
  readonly stolen: MakeBadToken = (claims) =>
    this.mint.token({ ...claims, cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' } });

  /** All of them by name, for `it.each(issuer.bad.all())('refuses a token that is %s', …)`. */
  all(): readonly (readonly [name: string, make: MakeBadToken])[] {
    return Object.entries(this).filter((entry): entry is [string, MakeBadToken] => typeof entry[1] === 'function');
  }

  private signedBy(key: SigningKey, claims?: TokenClaims, header: Record<string, unknown> = {}): string {
    return compactToken({ ...this.mint.header(), ...header }, this.mint.claims(claims), (input) => key.sign(input));
  }
}

/** A key of the same kind that is not the issuer's. */
function stranger({ stock }: TokenMint): SigningKey {
  return SigningKey.of('https://stranger.test', 'stranger', stock.keys.current.algorithm);
}
