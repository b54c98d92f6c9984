import { All, Req, Res } from '@nestjs/common';
import { Endpoint } from '../../http/endpoint.js';
import { endpointPaths } from '../../http/endpoint-paths.js';
import type { HttpReply, HttpRequest } from '../../http/message.js';
import { sendDocument } from '../../http/send-document.js';
import { KeyRing } from '../../keys/key-ring.js';

/** The public keys with which tokens are checked (RFC 7517 §5). */
@Endpoint(endpointPaths.jwks, { name: 'jwks', methods: ['GET'], origins: 'any' })
export class KeySetController {
  constructor(private readonly keys: KeyRing) {}

  @All()
  keySet(@Req() request: HttpRequest, @Res() reply: HttpReply): void {
    sendDocument(this.keys.keySet, request, reply);
  }
}
