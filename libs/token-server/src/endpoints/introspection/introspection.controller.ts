import { All, Header, HttpCode, Req } from '@nestjs/common';
import { maxBearerLength, Parameter } from '@tessera/protocol';
import { CallerAuthenticator } from '../../clients/caller-authenticator.js';
import { decodeForm } from '../../http/decode.js';
import { Endpoint } from '../../http/endpoint.js';
import { endpointPaths } from '../../http/endpoint-paths.js';
import type { HttpRequest } from '../../http/message.js';
import { Introspection, type IntrospectionBody } from './introspection.js';

class IntrospectionParams {
  @Parameter({ required: true, maxLength: maxBearerLength })
  token!: string;

  @Parameter()
  tokenTypeHint?: string;
}

/** What the token means to who asks (RFC 7662). */
@Endpoint(endpointPaths.introspection, { name: 'introspection', methods: ['POST'], origins: 'clients', formOr: 415 })
export class IntrospectionController {
  constructor(
    private readonly callers: CallerAuthenticator,
    private readonly introspection: Introspection,
  ) {}

  @All()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async introspect(@Req() request: HttpRequest): Promise<IntrospectionBody> {
    const caller = await this.callers.authenticate(request);
    const { token, tokenTypeHint } = decodeForm(IntrospectionParams, request);
    return this.introspection.describe(token, tokenTypeHint, caller);
  }
}
