import { All, Req, Res } from '@nestjs/common';
import { sendTo } from '../../authorize/encode-response.js';
import { type Form, formOf } from '../../http/decode.js';
import { Endpoint } from '../../http/endpoint.js';
import { endpointPaths } from '../../http/endpoint-paths.js';
import type { HttpReply, HttpRequest } from '../../http/message.js';
import { PageErrorFilter } from '../../http/page-error.filter.js';
import { SignOuts } from '../../interaction/sign-outs.js';

/** Where a client sends a person to be signed out (OpenID Connect RP-Initiated Logout 1.0 §2). */
@Endpoint(endpointPaths.endSession, { name: 'endSession', methods: ['GET', 'POST'], origins: 'none' }, PageErrorFilter)
export class EndSessionController {
  constructor(private readonly signOuts: SignOuts) {}

  @All()
  async endSession(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const form = request.method === 'POST' ? formOf(request) : ((request.query ?? {}) as Form);
    sendTo(reply, await this.signOuts.begin(request, reply, form));
  }
}
