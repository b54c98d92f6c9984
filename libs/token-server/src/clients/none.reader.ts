import { Injectable } from '@nestjs/common';
import type { CredentialReader, Credentials } from './credentials.js';

/** `none`: a public client says its name and proves nothing (RFC 6749 §2.1). */
@Injectable()
export class NoneReader implements CredentialReader {
  read(): Credentials {
    return nothing;
  }
}

const nothing: Credentials = {
  method: 'none',
  faultFor: (client) => (client?.requireClientSecret ? 'no secret was sent' : undefined),
};
