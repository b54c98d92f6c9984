import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Injectable, Logger, Optional } from '@nestjs/common';
import { ClientStore } from '@tessera/resource-model';
import { sendResponse } from '../authorize/encode-response.js';
import { RedirectedError } from '../authorize/redirected.error.js';
import { ClientViews } from '../interaction/client-views.js';
import { InteractionPages } from '../interaction/interaction-pages.js';
import { problemOf } from '../interaction/problem-of.js';
import type { Problem } from '../interaction/views.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import type { Form } from './decode.js';
import { escapeHtml } from './html.js';
import type { HttpReply, HttpRequest } from './message.js';
import { GateAnswer } from './gate-answer.js';
import { OAuthErrorFilter } from './oauth-error.filter.js';
import { note } from './request-notes.js';

/** Where a person's browser asks: what can be told to the client goes there, everything else onto a page. */
@Injectable()
@Catch()
export class PageErrorFilter implements ExceptionFilter {
  private readonly gate = new OAuthErrorFilter();
  private readonly logger = new Logger('TokenServer');

  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly clients: ClientStore,
    private readonly views: ClientViews,
    @Optional() private readonly pages?: InteractionPages,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const [request, reply] = [http.getRequest<HttpRequest>(), http.getResponse<HttpReply>()];
    if (error instanceof RedirectedError) this.redirect(error, request, reply);
    else if (error instanceof GateAnswer) this.gate.catch(error, host);
    else await this.show(error, request, reply);
  }

  /** RFC 6749 §4.1.2.1, with `iss` on errors as well (RFC 9207 §2). */
  private redirect({ target, cause }: RedirectedError, request: HttpRequest, reply: HttpReply): void {
    const { redirectUri, responseMode, state, client } = target;
    note(request, { client: client.clientId, error: cause.code, reason: cause.message });
    if (cause.code === 'server_error') this.log(cause.cause, problemOf(cause, request));
    const parameters = { error: cause.code, error_description: cause.message, iss: this.options.issuer };
    sendResponse(reply, {
      redirectUri,
      responseMode,
      parameters: state === undefined ? parameters : { ...parameters, state },
    });
  }

  private async show(error: unknown, request: HttpRequest, reply: HttpReply): Promise<void> {
    const found = problemOf(error, request);
    note(request, { error: found.code, reason: found.description });
    if (found.status === 500) this.log(error, found);
    // Where the server itself is at fault, its stores are not asked once more.
    const problem = { ...found, client: found.status >= 500 ? undefined : await this.clientOf(request) };
    reply.header('Cache-Control', 'no-store');
    if (found.status === 503) reply.header('Retry-After', '1');
    if (this.pages) await this.pages.showProblem(problem, request, reply);
    else sendPlain(problem, reply);
  }

  private log(error: unknown, { correlationId }: Problem): void {
    const id = correlationId === undefined ? '' : ` (${correlationId})`;
    this.logger.error(`A request failed${id}`, error instanceof Error ? error.stack : String(error));
  }

  /** Whom the request names, so that the page can show the way back: nothing else of the request is believed. */
  private async clientOf({ query, body }: HttpRequest) {
    const id = ((query ?? {}) as Form).client_id ?? ((body ?? {}) as Form).client_id;
    const client = typeof id === 'string' ? await this.clients.find(id) : undefined;
    return client?.enabled ? this.views.of(client) : undefined;
  }
}

/** For an application that has no pages. */
function sendPlain({ status, code, description, correlationId }: Problem, reply: HttpReply): void {
  reply.header('Content-Type', 'text/html; charset=utf-8');
  reply.header('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
  reply.header('X-Content-Type-Options', 'nosniff');
  reply.header('X-Frame-Options', 'DENY');
  reply.header('Referrer-Policy', 'no-referrer');
  const id = correlationId === undefined ? '' : `<p>${escapeHtml(correlationId)}</p>`;
  const text = `<h1>This does not work</h1><p>${escapeHtml(description)}</p><p>${escapeHtml(code)}</p>${id}`;
  reply
    .status(status)
    .send(
      `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Error</title></head><body>${text}</body></html>`,
    );
}
