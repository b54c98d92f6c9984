import { All, Req, Res } from '@nestjs/common';
import { Endpoint } from '../../http/endpoint.js';
import { endpointPaths } from '../../http/endpoint-paths.js';
import type { HttpReply, HttpRequest } from '../../http/message.js';
import { sendDocument } from '../../http/send-document.js';
import { DiscoveryDocument } from './discovery-document.js';

/** What this server is and can (OpenID Connect Discovery §4, RFC 8414 §3: one document under both names). */
@Endpoint([endpointPaths.discovery, '.well-known/oauth-authorization-server'], {
  name: 'discovery',
  methods: ['GET'],
  origins: 'any',
})
export class DiscoveryController {
  constructor(private readonly document: DiscoveryDocument) {}

  @All()
  async discovery(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    sendDocument(await this.document.current(), request, reply);
  }
}
