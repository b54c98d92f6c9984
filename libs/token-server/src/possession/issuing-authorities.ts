import { X509Certificate } from 'node:crypto';

/** Authorities that issue certificates themselves: a second look at what a proxy let pass, one step up and no further. */
export class IssuingAuthorities {
  private readonly authorities: readonly X509Certificate[];

  constructor(pems: readonly string[]) {
    this.authorities = pems.map((pem) => new X509Certificate(pem));
  }

  get isEmpty(): boolean {
    return this.authorities.length === 0;
  }

  /** Whether one of them has signed the certificate and is itself in force. `now` in milliseconds. */
  haveIssued(certificate: X509Certificate, now: number): boolean {
    return this.authorities.some(
      (authority) =>
        authority.ca &&
        Date.parse(authority.validFrom) <= now &&
        now <= Date.parse(authority.validTo) &&
        certificate.checkIssued(authority) &&
        certificate.verify(authority.publicKey),
    );
  }
}
