import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable, Logger } from '@nestjs/common';
import { type HttpReply, type HttpRequest, problemOf } from '@tessera/token-server';
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
    const problem = problemOf(error, request);
    if (problem.status === 500) this.log(error, problem.correlationId);
    const reply = http.getResponse<HttpReply>();
    if (problem.status === 503) reply.header('Retry-After', '1');
    await this.pages.showProblem(problem, request, reply);
  }

  private log(error: unknown, id: string | undefined): void {
    const text = error instanceof Error ? error.stack : String(error);
    this.logger.error(`A page failed${id === undefined ? '' : ` (${id})`}`, text);
  }
}
