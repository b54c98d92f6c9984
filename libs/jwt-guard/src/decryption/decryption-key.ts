import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { encryptionAlgorithms, type EncryptionAlgorithm } from '@tessera/protocol';
import { compactDecrypt, type JWK } from 'jose';

/** RFC 7518 §4.6 and §6.2.1.1, RFC 8037 §3.2. */
export const agreementCurves: readonly unknown[] = ['P-256', 'P-384', 'P-521', 'X25519'];

/** A private key of this API, together with what it opens tokens with. */
export class DecryptionKey {
  readonly kid: string | undefined;
  /** Undefined with RSA. */
  readonly curve: string | undefined;
  /** As an object of node:crypto: whoever prints that sees nothing of it. jose makes of it what WebCrypto needs, once for each algorithm. */
  readonly #key: KeyObject;

  /** The key must have been found without fault. */
  constructor(
    jwk: JWK,
    readonly algorithms: ReadonlySet<unknown>,
  ) {
    this.kid = jwk.kid;
    this.curve = jwk.kty === 'RSA' ? undefined : jwk.crv;
    this.#key = createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' });
  }

  /** What stands in a compact JWE. Rejects where it was not encrypted to this key, or where a single bit of it was changed. */
  async open(jwe: string, alg: string, enc: string): Promise<string> {
    const { plaintext } = await compactDecrypt(jwe, this.#key, {
      keyManagementAlgorithms: [alg],
      contentEncryptionAlgorithms: [enc],
      // RFC 8725 §3.6: nothing is ever inflated.
      maxDecompressedLength: 0,
    });
    // A compact JWS is ASCII; what is not does not become so by this.
    return Buffer.from(plaintext).toString('latin1');
  }
}

/** The ways in which a key can travel to the holder of this one, by its type, curve and `alg` (RFC 7517 §4.4). */
export function algorithmsOf({ kty, crv, alg }: Readonly<Record<string, unknown>>): EncryptionAlgorithm[] {
  const agrees = (kty === 'EC' || kty === 'OKP') && agreementCurves.includes(crv);
  return encryptionAlgorithms.filter(
    (algorithm) => (algorithm.startsWith('RSA') ? kty === 'RSA' : agrees) && (alg ?? algorithm) === algorithm,
  );
}
