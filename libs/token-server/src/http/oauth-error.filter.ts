import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Injectable, Logger } from '@nestjs/common';
import { TooManyAttemptsError } from '@tessera/grant-types';
import { challenge, OAuthError, type OAuthErrorCode } from '@tessera/protocol';
import { StoreUnavailableError } from '@tessera/resource-model';
import { AccessRefusedError } from './access-refused.error.js';
import { GateAnswer } from './gate-answer.js';
import type { HttpReply, HttpRequest } from './message.js';
import { MissingTokenError } from './missing-token.error.js';
import { note } from './request-notes.js';
import { RequestDeniedError } from './request-denied.error.js';

/** RFC 6749 §5.2 and RFC 6750 §3.1; every other code is 400. */
const statuses: Partial<Record<OAuthErrorCode, number>> = {
  invalid_client: 401,
  invalid_token: 401,
  insufficient_scope: 403,
  server_error: 500,
  temporarily_unavailable: 503,
};

const refusals: Readonly<Record<number, string>> = {
  400: 'The request cannot be read.',
  404: 'There is nothing here.',
  413: 'The body is too large.',
  415: 'The body is of a type that is not read here.',
  503: 'The server cannot answer at this moment.',
};

/** Turns what went wrong into the answer of the protocol. What is not an OAuthError is a bug: 500, and nothing leaks. */
@Injectable()
@Catch()
export class OAuthErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('TokenServer');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    const reply = http.getResponse<HttpReply>();
    if (error instanceof OAuthError) this.refuse(error, request, reply);
    else if (error instanceof GateAnswer) this.answer(error, request, reply);
    else if (error instanceof HttpException && (error.getStatus() < 500 || error.getStatus() === 503))
      this.translate(error, request, reply);
    else if (error instanceof StoreUnavailableError) this.postpone(error, request, reply);
    else this.fail(error, request, reply);
  }

  /** The database restarts, or all of its connections are taken: the client may try again. */
  private postpone(error: StoreUnavailableError, request: HttpRequest, reply: HttpReply): void {
    note(request, { error: 'temporarily_unavailable', reason: error.message });
    reply.header('Retry-After', '1');
    send(reply, 503, 'temporarily_unavailable', refusals[503]!);
  }

  private refuse(error: OAuthError, request: HttpRequest, reply: HttpReply): void {
    const status = statusOf(error);
    note(request, { error: error.code, reason: describeCause(error) });
    if (status === 503)
      reply.header('Retry-After', error instanceof TooManyAttemptsError ? `${error.retryAfter}` : '1');
    if (status === 401 || error.code === 'insufficient_scope') reply.header('WWW-Authenticate', challengeFor(error));
    if (error instanceof MissingTokenError) reply.status(status).send();
    else send(reply, status, error.code, error.message);
  }

  private answer({ status, headers, message }: GateAnswer, request: HttpRequest, reply: HttpReply): void {
    for (const [name, value] of Object.entries(headers)) reply.header(name, value);
    if (status === 204) {
      reply.status(204).send();
      return;
    }
    note(request, { error: 'invalid_request', reason: message });
    send(reply, status, 'invalid_request', message);
  }

  /** What the platform or the gate refused. Their own words may quote the request, so they are not repeated. */
  private translate(error: HttpException, request: HttpRequest, reply: HttpReply): void {
    const status = error.getStatus();
    const code = status === 503 ? 'temporarily_unavailable' : 'invalid_request';
    const description = refusals[status] ?? 'The request was refused.';
    note(request, { error: code, reason: description });
    send(reply, status, code, description);
  }

  private fail(error: unknown, request: HttpRequest, reply: HttpReply): void {
    const id = typeof request.id === 'string' ? ` (${request.id})` : '';
    note(request, { error: 'server_error' });
    this.logger.error(`A request failed${id}`, error instanceof Error ? error.stack : String(error));
    send(reply, 500, 'server_error', 'The server failed; its log says why.');
  }
}

function statusOf(error: OAuthError): number {
  if (error instanceof RequestDeniedError) return 403;
  return statuses[error.code] ?? (error instanceof AccessRefusedError ? 401 : 400);
}

function send(reply: HttpReply, status: number, error: OAuthErrorCode, description: string): void {
  reply.header('Cache-Control', 'no-store');
  reply.status(status).send({ error, error_description: description });
}

/** RFC 6749 §5.2 for clients, RFC 6750 §3 for tokens. */
function challengeFor(error: OAuthError): string {
  const { code, message } = error;
  if (code === 'invalid_client') return challenge('Basic', { realm: 'tessera', charset: 'UTF-8' });
  if (error instanceof AccessRefusedError) return error.challenges.join(', ');
  return challenge('Bearer', { realm: 'tessera', error: code, error_description: message });
}

function describeCause(error: OAuthError): string {
  if (typeof error.cause === 'string') return error.cause;
  return error.cause instanceof Error ? error.cause.message : error.message;
}
