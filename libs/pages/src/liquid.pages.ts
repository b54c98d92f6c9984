import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  type HttpReply,
  type HttpRequest,
  InteractionPages,
  type PagePaths,
  type Problem,
} from '@tessera/token-server';
import { problemPage } from './problem/problem-page.js';
import { pagePaths } from './rendering/page-addresses.js';
import { PageRenderer } from './rendering/page.renderer.js';
import { PAGES, type ResolvedPages } from './resolve-pages.js';

/** The pages made of Liquid templates. */
@Injectable()
export class LiquidPages extends InteractionPages {
  readonly paths: PagePaths;
  private readonly logger = new Logger('Pages');

  constructor(
    @Inject(PAGES) { options }: ResolvedPages,
    private readonly renderer: PageRenderer,
  ) {
    super();
    const { signIn, chooseAccount, consent, device, backchannel, signOut, signedOut } = pagePaths;
    this.paths = {
      signIn,
      chooseAccount,
      consent,
      createAccount: options.createAccountPath,
      device,
      backchannel,
      signOut,
      signedOut,
    };
  }

  /** Never fails: where even the error page cannot be made, a line of text has to do. */
  async showProblem(problem: Problem, request: HttpRequest, reply: HttpReply): Promise<void> {
    try {
      await this.renderer.show(problemPage(problem), request, reply);
    } catch (error) {
      this.logger.error('The error page failed', error instanceof Error ? error.stack : String(error));
      reply.header('Content-Type', 'text/plain; charset=utf-8');
      reply.status(problem.status).send(`${problem.code}: ${problem.description}`);
    }
  }
}
