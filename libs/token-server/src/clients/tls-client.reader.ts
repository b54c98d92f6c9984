import { Injectable } from '@nestjs/common';
import type { HttpRequest } from '../http/message.js';
import { ClientCertificates } from '../possession/client-certificates.js';
import { subjectFault } from './certificate-subject.js';
import type { CredentialReader, Credentials } from './credentials.js';

/** `tls_client_auth`: a certificate of a configured authority with the subject that the client is known by (RFC 8705 §2.1). */
@Injectable()
export class TlsClientReader implements CredentialReader {
  constructor(private readonly certificates: ClientCertificates) {}

  read(request: HttpRequest): Credentials | undefined {
    const certificate = this.certificates.of(request);
    if (!certificate) return undefined;
    return {
      method: 'tls_client_auth',
      faultFor: (client) =>
        this.certificates.distrust(request, certificate) ?? (client && subjectFault(client, certificate)),
    };
  }
}
