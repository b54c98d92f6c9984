import { Injectable } from '@nestjs/common';
import type { ClientCertificate } from '@tessera/jws';
import type { Client } from '@tessera/resource-model';
import type { HttpRequest } from '../http/message.js';
import { ClientKeys } from '../keys/client-keys.js';
import { KeyUnavailableError } from '../keys/key-holder.js';
import { ClientCertificates } from '../possession/client-certificates.js';
import type { CredentialReader, Credentials } from './credentials.js';

/**
 * `self_signed_tls_client_auth`: a certificate of a key that the client has registered (RFC 8705 §2.2). Who issued it, for whom and until when does
 * not count: TLS has shown that the client holds the key.
 */
@Injectable()
export class SelfSignedReader implements CredentialReader {
  constructor(
    private readonly certificates: ClientCertificates,
    private readonly keys: ClientKeys,
  ) {}

  read(request: HttpRequest): Credentials | undefined {
    const certificate = this.certificates.of(request);
    if (!certificate) return undefined;
    return {
      method: 'self_signed_tls_client_auth',
      faultFor: (client) => client && this.faultFor(client, certificate),
    };
  }

  private async faultFor(client: Client, certificate: ClientCertificate): Promise<string | undefined> {
    try {
      const isOwn = await this.keys.includeKeyOf(client, certificate);
      return isOwn ? undefined : 'the certificate is of none of the keys of the client';
    } catch (error) {
      if (error instanceof KeyUnavailableError) return error.message;
      throw error;
    }
  }
}
