import { All, Header, HttpCode, Req } from '@nestjs/common';
import { maxBearerLength, Parameter } from '@tessera/protocol';
import { ClientAuthenticator } from '../../clients/client-authenticator.js';
import { decodeForm } from '../../http/decode.js';
import { Endpoint } from '../../http/endpoint.js';
import { endpointPaths } from '../../http/endpoint-paths.js';
import type { HttpRequest } from '../../http/message.js';
import { Revocation } from './revocation.js';

class RevocationParams {
  @Parameter({ required: true, maxLength: maxBearerLength })
  token!: string;

  @Parameter()
  tokenTypeHint?: string;
}

/** A client gives back a token it no longer needs (RFC 7009). */
@Endpoint(endpointPaths.revocation, { name: 'revocation', methods: ['POST'], origins: 'clients', formOr: 415 })
export class RevocationController {
  constructor(
    private readonly clients: ClientAuthenticator,
    private readonly revocation: Revocation,
  ) {}

  @All()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async revoke(@Req() request: HttpRequest): Promise<void> {
    const client = await this.clients.authenticate(request);
    const { token, tokenTypeHint } = decodeForm(RevocationParams, request);
    await this.revocation.revoke(token, tokenTypeHint, client);
  }
}
