import { All, Header, HttpCode, Req, Res } from '@nestjs/common';
import { maxBearerLength, Parameter } from '@tessera/protocol';
import { CallerAuthenticator } from '../../clients/caller-authenticator.js';
import { decodeForm } from '../../http/decode.js';
import { Endpoint } from '../../http/endpoint.js';
import { endpointPaths } from '../../http/endpoint-paths.js';
import type { HttpReply, HttpRequest } from '../../http/message.js';
import { Introspection, type IntrospectionBody } from './introspection.js';
import { IntrospectionResponseWriter, introspectionType } from './introspection-response.writer.js';

class IntrospectionParams {
  @Parameter({ required: true, maxLength: maxBearerLength })
  token!: string;

  @Parameter()
  tokenTypeHint?: string;
}

/** What the token means to who asks (RFC 7662), as JSON or as a JWT (RFC 9701). */
@Endpoint(endpointPaths.introspection, { name: 'introspection', methods: ['POST'], origins: 'clients', formOr: 415 })
export class IntrospectionController {
  constructor(
    private readonly callers: CallerAuthenticator,
    private readonly introspection: Introspection,
    private readonly responses: IntrospectionResponseWriter,
  ) {}

  @All()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async introspect(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<IntrospectionBody | string> {
    const caller = await this.callers.authenticate(request);
    const { token, tokenTypeHint } = decodeForm(IntrospectionParams, request);
    const body = await this.introspection.describe(token, tokenTypeHint, caller);
    if (!this.responses.isDue(request, caller)) return body;
    const jwt = await this.responses.write(body, caller);
    reply.header('Content-Type', introspectionType);
    return jwt;
  }
}
