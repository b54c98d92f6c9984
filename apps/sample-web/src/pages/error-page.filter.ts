import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { WebReply, WebRequest } from '../http/exchange.js';
import { describeError } from './describe-error.js';
import { PageError } from './page-error.js';
import { Pages } from './pages.js';

/** Turns whatever was thrown into a page. What was not meant for a person stays in the log, found by the id on the page. */
@Catch()
export class ErrorPageFilter implements ExceptionFilter {
  private readonly logger = new Logger('ErrorPage');

  constructor(private readonly pages: Pages) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<WebRequest>();
    const reply = host.switchToHttp().getResponse<WebReply>();
    const page = pageFor(error);
    const cause = error instanceof PageError ? error.cause : page.status >= 500 ? error : undefined;
    if (cause !== undefined) {
      const line = { requestId: request.id, ...describeError(cause) };
      if (error instanceof PageError) this.logger.warn(page.title, line);
      else this.logger.error(page.title, { ...line, stack: (cause as Error).stack });
    }
    await this.send(page, request, reply);
  }

  private async send(page: PageError, { id: requestId }: WebRequest, reply: WebReply): Promise<void> {
    const { status, title, message: text, wayOut, saidBy } = page;
    try {
      await this.pages.send(reply, 'error', { title, text, wayOut, saidBy, requestId }, status);
    } catch (error) {
      // Nobody is behind this: a rejection would end the process.
      this.logger.error('the page of an error cannot be shown', { requestId, ...describeError(error) });
      reply.status(status).header('content-type', 'text/plain; charset=utf-8').send(title);
    }
  }
}

function pageFor(error: unknown): PageError {
  if (error instanceof PageError) return error;
  const status = statusOf(error);
  if (status === 404) return new PageError(404, 'There is no such page', 'The address may be mistyped.');
  if (status < 500)
    return new PageError(status, 'This request cannot be read', 'Something about it is not as it should be.');
  return new PageError(500, 'Something went wrong', 'It is not your fault; the log of this application knows more.');
}

/** Of Nest's exceptions and of Fastify's errors. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const { statusCode } = (error ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' && statusCode >= 400 ? statusCode : 500;
}
