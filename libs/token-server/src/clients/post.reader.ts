import { Injectable } from '@nestjs/common';
import { Parameter } from '@tessera/protocol';
import { Clock } from '@tessera/resource-model';
import { decodeForm } from '../http/decode.js';
import type { HttpRequest } from '../http/message.js';
import type { CredentialReader, Credentials } from './credentials.js';
import { secretFault } from './secret-match.js';

class PostParams {
  @Parameter({ maxLength: 512 })
  clientSecret?: string;
}

/** `client_secret_post`: the secret in the form (RFC 6749 §2.3.1). */
@Injectable()
export class PostReader implements CredentialReader {
  constructor(private readonly clock: Clock) {}

  read(request: HttpRequest): Credentials | undefined {
    const { clientSecret: secret } = decodeForm(PostParams, request);
    if (secret === undefined) return undefined;
    return {
      method: 'client_secret_post',
      secret,
      faultFor: (client) => secretFault(client, secret, this.clock.now()),
    };
  }
}
