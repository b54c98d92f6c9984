import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable, Logger, Optional } from '@nestjs/common';
import { ClientStore } from '@tessera/resource-model';
import { AuthorizeResponses } from '../authorize/authorize-responses.js';
import { RedirectedError } from '../authorize/redirected.error.js';
import { ClientViews } from '../interaction/client-views.js';
import { InteractionPages } from '../interaction/interaction-pages.js';
import { problemOf } from '../interaction/problem-of.js';
import type { Problem } from '../interaction/views.js';
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
    private readonly responses: AuthorizeResponses,
    private readonly clients: ClientStore,
    private readonly views: ClientViews,
    @Optional() private readonly pages?: InteractionPages,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const [request, reply] = [http.getRequest<HttpRequest>(), http.getResponse<HttpReply>()];
    if (error instanceof RedirectedError) await this.redirect(error, request, reply);
    else if (error instanceof GateAnswer) this.gate.catch(error, host);
    else await this.show(error, request, reply);
  }

  /** RFC 6749 §4.1.2.1. Where it cannot be told in the JWT that the client wants, it is told on a page, and not in the clear. */
  private async redirect({ target, cause }: RedirectedError, request: HttpRequest, reply: HttpReply): Promise<void> {
    const { state, client } = target;
    note(request, { client: client.clientId, error: cause.code, reason: cause.message });
    if (cause.code === 'server_error') this.log(cause.cause, problemOf(cause, request));
    const refusal = { error: cause.code, error_description: cause.message };
    const parameters = state === undefined ? refusal : { ...refusal, state };
    try {
      await this.responses.send(reply, { ...target, parameters });
    } catch (error) {
      await this.show(error, request, reply);
    }
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
