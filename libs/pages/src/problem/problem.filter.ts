import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Injectable, Logger } from '@nestjs/common';
import {
  type HttpReply,
  type HttpRequest,
  OAuthError,
  type Problem,
  TooManyAttemptsError,
} from '@tessera/token-server';
import { LiquidPages } from '../liquid.pages.js';

/** What goes wrong on a page is shown as a page. What is not an OAuthError is a bug: 500, and nothing leaks. */
@Injectable()
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Pages');

  constructor(private readonly pages: LiquidPages) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    const correlationId = typeof request.id === 'string' ? request.id : undefined;
    const problem = problemOf(error);
    if (problem.status === 500) this.log(error, correlationId);
    await this.pages.showProblem({ ...problem, correlationId }, request, http.getResponse<HttpReply>());
  }

  private log(error: unknown, id: string | undefined): void {
    const text = error instanceof Error ? error.stack : String(error);
    this.logger.error(`A page failed${id === undefined ? '' : ` (${id})`}`, text);
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof OAuthError) return { status: statusOf(error), code: error.code, description: error.message };
  if (error instanceof HttpException && error.getStatus() < 500) {
    return { status: error.getStatus(), code: 'invalid_request', description: 'The request was refused.' };
  }
  return { status: 500, code: 'server_error', description: 'The server failed; its log says why.' };
}

function statusOf(error: OAuthError): number {
  if (error instanceof TooManyAttemptsError) return 429;
  if (error.code === 'temporarily_unavailable') return 503;
  return error.code === 'server_error' ? 500 : 400;
}
