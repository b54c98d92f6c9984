import { All, Res } from '@nestjs/common';
import { Endpoint } from '../../http/endpoint.js';
import { endpointPaths } from '../../http/endpoint-paths.js';
import type { HttpReply } from '../../http/message.js';
import { PageErrorFilter } from '../../http/page-error.filter.js';
import { CheckSessionPage } from './check-session.page.js';

/** Serves the session frame (OpenID Connect Session Management 1.0 §3.3: `check_session_iframe`). */
@Endpoint(endpointPaths.checkSession, { name: 'checkSession', methods: ['GET'], origins: 'none' }, PageErrorFilter)
export class CheckSessionController {
  constructor(private readonly page: CheckSessionPage) {}

  @All()
  frame(@Res() reply: HttpReply): void {
    reply.header('Content-Type', 'text/html; charset=utf-8');
    reply.header('Content-Security-Policy', this.page.policy);
    reply.header('X-Content-Type-Options', 'nosniff');
    reply.header('Referrer-Policy', 'no-referrer');
    reply.header('Cache-Control', 'public, max-age=300');
    reply.send(this.page.html);
  }
}
