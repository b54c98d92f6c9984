import { createPublicKey, type JsonWebKey } from 'node:crypto';
import type { SigningAlgorithm } from '@tessera/protocol';
import type { KeyMaterial } from '@tessera/resource-model';
import type { Signer } from './key-vault.js';
import { halfHash, isSignatureOf, type SignatureKey, signatureKey } from './signature.js';

/** A signing key in use. */
export class ServerKey {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly publicJwk: Readonly<JsonWebKey>;
  private readonly verifying: SignatureKey;
  private readonly headers = new Map<string, string>();

  constructor(
    { kid, algorithm, privateJwk }: KeyMaterial,
    private readonly signer: Signer,
  ) {
    this.kid = kid;
    this.algorithm = algorithm;
    const publicKey = createPublicKey({ key: privateJwk as JsonWebKey, format: 'jwk' });
    this.verifying = signatureKey(algorithm, publicKey);
    this.publicJwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: algorithm, use: 'sig' };
  }

  /** The encoded JOSE header of this key's tokens of a type. There is exactly one, so a token's header is recognised by comparison. */
  header(type: string): string {
    let header = this.headers.get(type);
    if (header === undefined) {
      header = Buffer.from(JSON.stringify({ alg: this.algorithm, typ: type, kid: this.kid })).toString('base64url');
      this.headers.set(type, header);
    }
    return header;
  }

  /** A signed token in compact form (RFC 7515 §3.1). */
  async sign(type: string, claims: object): Promise<string> {
    const data = `${this.header(type)}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    return `${data}.${await this.signer.sign(data)}`;
  }

  verifies(data: string, signature: string): boolean {
    return isSignatureOf(this.verifying, data, signature);
  }

  /** For at_hash and its kin (OpenID Connect Core §3.1.3.6). */
  halfHash(value: string): string {
    return halfHash(this.algorithm, value);
  }
}
