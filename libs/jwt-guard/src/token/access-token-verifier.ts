import { decodeBytes, JwsError, type VerificationKey } from '@tessera/jws';
import { maxBearerLength } from '@tessera/protocol';
import type { TokenOpener } from '../decryption/token-opener.js';
import type { TrustedIssuer } from '../issuers/trusted-issuer.js';
import type { TrustedIssuers } from '../issuers/trusted-issuers.js';
import { AccessTokenError } from './access-token.error.js';
import { checkClaims } from './check-claims.js';
import { readAccess } from './read-access.js';
import { verifyReferenceToken } from './reference-token.js';
import { readSignedToken, type SignedToken } from './signed-token.js';
import type { VerifiedAccess } from './verified-access.js';
import type { VerifiedTokenCache } from './verified-token.cache.js';

/** From a token to what it grants (RFC 9068 §4, RFC 7662 §2). Knows no framework and no request. */
export class AccessTokenVerifier {
  constructor(
    private readonly issuers: TrustedIssuers,
    private readonly cache: VerifiedTokenCache,
    /** Milliseconds since the epoch. */
    private readonly clock: () => number,
    /** Absent where this API has no key to open tokens with. */
    private readonly opener?: TokenOpener,
  ) {}

  /**
   * Resolves to what the token grants, frozen; rejects with an AccessTokenError. A token that is bound to a key is refused, since
   * whoever holds it has proven nothing here.
   */
  async verify(token: string): Promise<VerifiedAccess> {
    const access = await this.verifyBeforeProof(token);
    if (access.confirmation === undefined) return access;
    throw new AccessTokenError(
      'token_bound',
      'The token is bound to a key and is not accepted as a plain bearer token.',
    );
  }

  /**
   * As `verify()`, for a caller that holds the sender against `confirmation` afterwards. At once where nothing must
   * be fetched; what fails before anything is waited for is thrown.
   */
  verifyBeforeProof(token: string): MaybeLater<VerifiedAccess> {
    if (token.length > maxBearerLength) {
      throw new AccessTokenError('token_too_long', `The token is longer than ${maxBearerLength} characters.`);
    }
    return this.findVerified(token) ?? this.verifyUnknown(token);
  }

  private verifyUnknown(token: string): MaybeLater<VerifiedAccess> {
    let signed: SignedToken;
    try {
      signed = readSignedToken(token);
    } catch (error) {
      if (error instanceof JwsError) return this.verifyOther(token, error);
      throw error;
    }
    this.opener?.refuseUnencrypted();
    return this.verifyJwt(signed);
  }

  /** A verification holds while the token, the key that checked it and the trust in its issuer do. */
  private findVerified(token: string): VerifiedAccess | undefined {
    const verified = this.cache.find(token);
    if (!verified) return undefined;
    const now = this.clock();
    const { access, issuer, key, expiresAt } = verified;
    if (now < expiresAt && now < issuer.trustedUntil && issuer.keys.holds(key)) return access;
    this.cache.remove(token);
    return undefined;
  }

  /** Waits only where the issuer must be looked up or its keys fetched. Nothing in the claims may be believed before the signature is checked. */
  private verifyJwt(token: SignedToken): MaybeLater<VerifiedAccess> {
    // Before the keys: a token of another issuer must not cause a fetch, and its refusal should name the real reason.
    const found = this.issuerOf(token.claims.iss);
    return found instanceof Promise
      ? found.then((issuer) => this.verifyOf(issuer, token))
      : this.verifyOf(found, token);
  }

  private verifyOf(issuer: TrustedIssuer | undefined, token: SignedToken): MaybeLater<VerifiedAccess> {
    if (!issuer) throw this.foreign();
    const key = issuer.keyFor(token.jws.header);
    return key instanceof Promise
      ? key.then((fetched) => this.verifyWith(fetched, issuer, token))
      : this.verifyWith(key, issuer, token);
  }

  private verifyWith(
    key: VerificationKey,
    issuer: TrustedIssuer,
    { presented, jws, claims }: SignedToken,
  ): VerifiedAccess {
    if (!key.verify(jws.signingInput, decodeBytes(jws.signature))) {
      throw new AccessTokenError('signature_invalid', 'The signature of the token is wrong.');
    }
    // From here on the claims are the issuer's: they were read from the very text that the signature covers.
    issuer.rememberHeader(jws.header, key);
    checkClaims(claims, issuer.settings, Math.floor(this.clock() / 1000));
    const access = readAccess('jwt', claims, issuer.settings);
    const expiresAt = (claims.exp + issuer.settings.clockTolerance) * 1000;
    this.cache.add(presented, { access, issuer, key, expiresAt });
    return access;
  }

  /** What is no signed JWT is one in an envelope, where there are keys to open it; or a reference token, where an issuer is there to be asked. */
  private verifyOther(token: string, fault: Error): Promise<VerifiedAccess> {
    if (this.opener?.fits(token)) return this.opener.open(token).then((opened) => this.verifyJwt(opened));
    const issuer = this.issuers.ofReferenceTokens;
    if (!issuer) throw new AccessTokenError('token_malformed', 'The token is not a signed JWT.', { cause: fault });
    return verifyReferenceToken(token, issuer);
  }

  private issuerOf(iss: unknown): MaybeLater<TrustedIssuer | undefined> {
    if (iss === undefined) throw new AccessTokenError('claim_missing', 'The token has no iss claim.');
    return typeof iss === 'string' ? this.issuers.find(iss) : undefined;
  }

  private foreign(): AccessTokenError {
    return new AccessTokenError(
      'issuer_mismatch',
      `The token is from another issuer; this API trusts ${this.issuers.description}.`,
    );
  }
}

/** At once where there is nothing to wait for: what comes later costs each request a promise. */
type MaybeLater<T> = T | Promise<T>;
