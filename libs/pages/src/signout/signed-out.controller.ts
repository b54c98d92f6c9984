import { Controller, Get, Req, Res, UseFilters } from '@nestjs/common';
import { type HttpReply, type HttpRequest, InteractionService } from '@tessera/token-server';
import { ProblemFilter } from '../problem/problem.filter.js';
import { pagePaths } from '../rendering/page-addresses.js';
import { PageRenderer } from '../rendering/page.renderer.js';
import { signedOutPage } from './sign-out-pages.js';

/** Says that the session has ended, and lets the browser tell the applications that want to hear it there. */
@Controller(pagePaths.signedOut)
@UseFilters(ProblemFilter)
export class SignedOutController {
  constructor(
    private readonly interactions: InteractionService,
    private readonly renderer: PageRenderer,
  ) {}

  @Get()
  async done(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    await this.renderer.show(signedOutPage(await this.interactions.signedOut(request)), request, reply);
  }
}
