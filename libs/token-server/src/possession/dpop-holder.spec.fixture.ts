import { generateKeyPairSync, hash, type JsonWebKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import { jwkThumbprint } from '@tessera/jws';

/** What makes a proof another than the good one; a claim or member that is undefined is left out. */
export interface ProofChanges {
  /** The access token that the proof comes with. */
  token?: string;
  nonce?: string | null;
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
}

/** A client's key (P-256), and the proofs that it makes (RFC 9449 §4.2). */
export class DpopHolder {
  readonly jwk: JsonWebKey;
  readonly thumbprint: string;
  readonly privateKey: KeyObject;

  /** `now`: seconds since 1970, by the clock of the server. */
  constructor(private readonly now: () => number = () => Math.floor(Date.now() / 1000)) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.privateKey = privateKey;
    this.jwk = publicKey.export({ format: 'jwk' });
    this.thumbprint = jwkThumbprint(this.jwk);
  }

  proof(method: string, url: string, { token, nonce, claims, header }: ProofChanges = {}): string {
    const input = [
      { typ: 'dpop+jwt', alg: 'ES256', jwk: this.jwk, ...header },
      {
        jti: randomUUID(),
        htm: method,
        htu: url,
        iat: this.now(),
        ath: token === undefined ? undefined : hash('sha256', token, 'base64url'),
        nonce: nonce ?? undefined,
        ...claims,
      },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = sign('sha256', Buffer.from(input), { key: this.privateKey, dsaEncoding: 'ieee-p1363' });
    return `${input}.${signature.toString('base64url')}`;
  }
}
