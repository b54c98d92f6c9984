/** Why the certificate of a request cannot be told. The codes are stable. */
export type CertificateErrorCode =
  /** The header holds no certificate, or more than one. */
  | 'certificate_unreadable'
  /** The header came twice: the client may have sent one of them. */
  | 'certificate_repeated';

/** What a proxy passed on is no client certificate. `message` is for the caller: it never quotes the header. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';

  constructor(
    readonly code: CertificateErrorCode,
    description: string,
    options?: ErrorOptions,
  ) {
    super(description, options);
  }
}
