import { X509Certificate } from 'node:crypto';
import { certificateThumbprint } from '../thumbprints.js';

/** The certificate with which a client authenticated its connection. Only the thumbprint is worked out beforehand. */
export class ClientCertificate {
  /** SHA-256 of the certificate, in base64url: `x5t#S256` (RFC 8705 §3.1). */
  readonly thumbprint: string;
  private read: X509Certificate | undefined;

  constructor(
    /** The certificate in DER. */
    readonly der: Buffer,
  ) {
    this.thumbprint = certificateThumbprint(der);
  }

  /** The certificate itself: names, key, validity. */
  get x509(): X509Certificate {
    return (this.read ??= new X509Certificate(this.der));
  }
}
