import { VerificationKey } from '@tessera/jws';
import { signingAlgorithms, type SigningAlgorithm } from '@tessera/protocol';
import type { JWK } from 'jose';

/** The key type and curve of each algorithm (RFC 7518 §3.1 and §6.1, RFC 8037 §3.1). */
const keyTypes: Readonly<Record<SigningAlgorithm, { readonly kty: string; readonly crv?: string }>> = {
  RS256: { kty: 'RSA' },
  RS384: { kty: 'RSA' },
  RS512: { kty: 'RSA' },
  PS256: { kty: 'RSA' },
  PS384: { kty: 'RSA' },
  PS512: { kty: 'RSA' },
  ES256: { kty: 'EC', crv: 'P-256' },
  ES384: { kty: 'EC', crv: 'P-384' },
  ES512: { kty: 'EC', crv: 'P-521' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
};

/**
 * One member of a key set, with a verification key for each algorithm that it is for. The member decides what that is, by
 * its type, curve, `use`, `key_ops` and `alg`; a symmetric one is for none.
 */
export class PublishedKey {
  private readonly keys = new Map<string, VerificationKey>();
  /** Why the member does not serve for an algorithm that it claims to be for. */
  private readonly faults = new Map<string, Error>();

  private constructor(readonly kid: string | undefined) {}

  static async read(jwk: JWK): Promise<PublishedKey> {
    const published = new PublishedKey(typeof jwk.kid === 'string' ? jwk.kid : undefined);
    const algorithms = signingAlgorithms.filter((algorithm) => suits(jwk, algorithm));
    await Promise.all(algorithms.map((algorithm) => published.import(jwk, algorithm)));
    return published;
  }

  get isUsable(): boolean {
    return this.keys.size > 0;
  }

  keyFor(algorithm: string): VerificationKey | undefined {
    return this.keys.get(algorithm);
  }

  faultFor(algorithm: string): Error | undefined {
    return this.faults.get(algorithm);
  }

  verificationKeys(): Iterable<VerificationKey> {
    return this.keys.values();
  }

  private async import(jwk: JWK, algorithm: SigningAlgorithm): Promise<void> {
    try {
      this.keys.set(algorithm, await VerificationKey.fromJwk(jwk, algorithm));
    } catch (error) {
      this.faults.set(algorithm, error instanceof Error ? error : new Error(String(error)));
    }
  }
}

/** RFC 7517 §4.1 to §4.4: a key without `alg` may serve every algorithm of its type and curve. */
function suits(jwk: JWK, algorithm: SigningAlgorithm): boolean {
  const { kty, crv } = keyTypes[algorithm];
  return (
    jwk.kty === kty &&
    (crv === undefined || jwk.crv === crv) &&
    (jwk.alg === undefined || jwk.alg === algorithm || isSameEdDsa(jwk.alg, algorithm)) &&
    (jwk.use === undefined || jwk.use === 'sig') &&
    (jwk.key_ops === undefined || areForVerifying(jwk.key_ops))
  );
}

/** RFC 9864 §2.2: `Ed25519` is EdDSA with its curve said; tokens may still say EdDSA. */
function isSameEdDsa(alg: string, algorithm: SigningAlgorithm): boolean {
  return alg === 'Ed25519' && algorithm === 'EdDSA';
}

/** RFC 7517 §4.3: no operation stands there twice. */
function areForVerifying(operations: unknown): boolean {
  return Array.isArray(operations) && operations.includes('verify') && new Set(operations).size === operations.length;
}
