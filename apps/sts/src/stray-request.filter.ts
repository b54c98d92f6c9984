import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import {
  type HttpReply,
  type HttpRequest,
  type InteractionPages,
  OAuthErrorFilter,
  problemOf,
} from '@tessera/token-server';

/** Answers where no endpoint or page does: a person's browser with a page, everybody else with JSON. */
@Catch()
export class StrayRequestFilter implements ExceptionFilter {
  private readonly json = new OAuthErrorFilter();

  constructor(private readonly pages: InteractionPages) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    const problem = problemOf(error, request);
    if (problem.status === 404 && request.headers.accept?.includes('text/html')) {
      await this.pages.showProblem(problem, request, http.getResponse<HttpReply>());
    } else {
      this.json.catch(error, host);
    }
  }
}
