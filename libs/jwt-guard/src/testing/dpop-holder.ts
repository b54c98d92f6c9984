import { hash, randomUUID } from 'node:crypto';
import { jwkThumbprint } from '@tessera/jws';
import type { SigningAlgorithm } from '@tessera/protocol';
import { compactToken, type Members } from './compact-token.js';
import { SigningKey } from './signing-key.js';
import type { MintOptions, TokenClaims, TokenMint } from './token-mint.js';

/** What makes a proof another than the good one. */
export interface ProofOptions {
  /** The nonce that the API gave in `DPoP-Nonce`. */
  nonce?: string;
  /** Claims in the place of the usual ones, for bad proofs; undefined takes one out. */
  claims?: Members;
  header?: Members;
}

/** A client with a key of its own, to which its tokens are bound (RFC 9449). */
export class DpopHolder {
  /** The thumbprint of the key: what `cnf.jkt` of its tokens says. */
  readonly thumbprint: string;
  private readonly key: SigningKey;

  constructor(
    private readonly mint: TokenMint,
    algorithm: SigningAlgorithm,
  ) {
    this.key = SigningKey.unique('dpop', algorithm);
    this.thumbprint = jwkThumbprint(this.key.publicJwk);
  }

  /** A token that is bound to the key of this holder. */
  token(claims: TokenClaims = {}, options: MintOptions = {}): string {
    return this.mint.token({ cnf: { jkt: this.thumbprint }, ...claims }, options);
  }

  /** The headers of one request: each request needs its own, a proof is good once. */
  headers(
    method: string,
    url: string,
    token: string,
    options: ProofOptions = {},
  ): { authorization: string; dpop: string } {
    return { authorization: `DPoP ${token}`, dpop: this.proof(method, url, token, options) };
  }

  /** A proof for a request (RFC 9449 §4.2); without a token, one for a token endpoint. */
  proof(method: string, url: string, token?: string, { nonce, claims, header }: ProofOptions = {}): string {
    const { kty, crv, x, y, n, e } = this.key.publicJwk;
    const { origin, pathname } = new URL(url);
    return compactToken(
      { typ: 'dpop+jwt', alg: this.key.algorithm, jwk: { kty, crv, x, y, n, e }, ...header },
      {
        jti: randomUUID(),
        htm: method,
        htu: origin + pathname,
        iat: this.mint.now,
        ath: token === undefined ? undefined : hash('sha256', token, 'base64url'),
        nonce,
        ...claims,
      },
      (input) => this.key.sign(input),
    );
  }
}
