import { All, Req, Res } from '@nestjs/common';
import { AuthorizeFlow, type AuthorizeOutcome } from '../../authorize/authorize-flow.js';
import { AuthorizeResponses } from '../../authorize/authorize-responses.js';
import { sendTo } from '../../authorize/encode-response.js';
import { Cookies } from '../../http/cookies.js';
import { type Form, formOf } from '../../http/decode.js';
import { Endpoint } from '../../http/endpoint.js';
import { endpointPaths } from '../../http/endpoint-paths.js';
import type { HttpReply, HttpRequest } from '../../http/message.js';
import { PageErrorFilter } from '../../http/page-error.filter.js';
import { isHiddenFrom, repeatAsGet } from './cross-site-form.js';

/** The authorize endpoint (RFC 6749 §3.1, OpenID Connect Core §3.1.2). */
@Endpoint(endpointPaths.authorize, { name: 'authorize', methods: ['GET', 'POST'], origins: 'none' }, PageErrorFilter)
export class AuthorizeController {
  constructor(
    private readonly flow: AuthorizeFlow,
    private readonly responses: AuthorizeResponses,
    private readonly cookies: Cookies,
  ) {}

  @All()
  async authorize(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const form = request.method === 'POST' ? formOf(request) : ((request.query ?? {}) as Form);
    const again = isHiddenFrom(request, this.cookies) ? repeatAsGet(form) : undefined;
    if (again !== undefined) sendTo(reply, again);
    else await send(this.responses, reply, await this.flow.begin(request, reply, form));
  }
}

/** Where pages lead back to: the request goes on, and what is missing is asked for again. */
@Endpoint(
  `${endpointPaths.authorize}/resume`,
  { name: 'authorize', methods: ['GET'], origins: 'none' },
  PageErrorFilter,
)
export class ResumeController {
  constructor(
    private readonly flow: AuthorizeFlow,
    private readonly responses: AuthorizeResponses,
  ) {}

  @All()
  async resume(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const { interaction, client_id: clientId } = (request.query ?? {}) as Form;
    const outcome = await this.flow.resume(request, textOf(interaction), textOf(clientId));
    await send(this.responses, reply, outcome);
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 200) : '';
}

async function send(responses: AuthorizeResponses, reply: HttpReply, outcome: AuthorizeOutcome): Promise<void> {
  if ('pageUrl' in outcome) sendTo(reply, outcome.pageUrl);
  else await responses.send(reply, outcome);
}
