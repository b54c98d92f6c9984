import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable, Logger } from '@nestjs/common';
import {
  CsrfError,
  type HttpReply,
  type HttpRequest,
  type Problem,
  problemOf,
  TooManyAttemptsError,
} from '@tessera/token-server';
import { OwnPages } from './own.pages.js';

const formTooOld: Problem = {
  status: 403,
  code: 'access_denied',
  description: 'This form is no longer good. Go back and load the page again.',
};

/** What goes wrong on a page is shown as a page. Of a bug nothing is shown: the log has it. */
@Injectable()
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Pages');

  constructor(private readonly pages: OwnPages) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const [request, reply] = [http.getRequest<HttpRequest>(), http.getResponse<HttpReply>()];
    const problem = error instanceof CsrfError ? formTooOld : problemOf(error, request);
    if (problem.status === 500)
      this.logger.error('A page failed', error instanceof Error ? error.stack : String(error));
    if (error instanceof TooManyAttemptsError) reply.header('Retry-After', String(error.retryAfter));
    await this.pages.showProblem(problem, request, reply);
  }
}
