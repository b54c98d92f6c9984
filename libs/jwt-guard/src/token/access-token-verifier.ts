import { compactVerify, errors } from 'jose';
import type { KeySource } from '../keys/key-source.js';
import { checkClaims, type AccessTokenClaims } from './access-token-claims.js';
import { AccessTokenError } from './access-token.error.js';
import { deepFreeze } from './deep-freeze.js';
import { checkHeader, parseToken } from './unverified-token.js';

/** What a token is held against. */
export interface VerificationPolicy {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly algorithms: readonly string[];
  /** Seconds. */
  readonly clockTolerance: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** From a token to its claims (RFC 9068 §4). Knows no framework. */
export class AccessTokenVerifier {
  private readonly algorithms: string[];

  constructor(
    private readonly policy: VerificationPolicy,
    private readonly keys: KeySource,
  ) {
    this.algorithms = [...policy.algorithms];
  }

  /** Resolves to the frozen claims; rejects with an AccessTokenError. */
  async verify(token: string): Promise<AccessTokenClaims> {
    const { header, claims } = parseToken(token);
    checkHeader(header, this.algorithms);
    // Before the keys: a token of another issuer must not cause a fetch, and its refusal should name the real reason.
    this.checkIssuer(claims.iss);
    await this.checkSignature(token, await this.keys.keyFor(header));
    // From here on the claims are the issuer's: they were read from the very text that the signature covers.
    checkClaims(claims, this.policy, Math.floor(this.policy.clock() / 1000));
    return deepFreeze(claims);
  }

  /** Compared letter for letter (RFC 9068 §4, RFC 8414 §2): a trailing slash makes another issuer. */
  private checkIssuer(iss: unknown): void {
    if (iss === undefined) throw new AccessTokenError('claim_missing', 'The token has no iss claim.');
    if (iss !== this.policy.issuer) {
      throw new AccessTokenError(
        'issuer_mismatch',
        `The token is from another issuer; this API trusts ${this.policy.issuer} alone, letter for letter.`,
      );
    }
  }

  private async checkSignature(token: string, key: Parameters<typeof compactVerify>[1]): Promise<void> {
    try {
      await compactVerify(token, key, { algorithms: this.algorithms });
    } catch (cause) {
      if (cause instanceof errors.JWSSignatureVerificationFailed) {
        throw new AccessTokenError('signature_invalid', 'The signature of the token is wrong.', { cause });
      }
      if (cause instanceof errors.JWSInvalid)
        throw new AccessTokenError('token_malformed', 'The token is not a signed JWT.', { cause });
      throw new AccessTokenError('key_unusable', 'The key that the token names cannot check its signature.', { cause });
    }
  }
}
