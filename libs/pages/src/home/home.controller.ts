import { Controller, Get, Inject, Req, Res, UseFilters } from '@nestjs/common';
import { type HttpReply, type HttpRequest, InteractionService, type SignedIn } from '@tessera/token-server';
import { waitingClients } from '../backchannel/waiting-clients.js';
import type { DemoData } from '../pages.options.js';
import { ProblemFilter } from '../problem/problem.filter.js';
import type { Page } from '../rendering/page.js';
import { PageRenderer } from '../rendering/page.renderer.js';
import { PAGES, type ResolvedPages } from '../resolve-pages.js';

/** The address of the server itself: who is signed in, and where to go from here. */
@Controller()
@UseFilters(ProblemFilter)
export class HomeController {
  constructor(
    private readonly interactions: InteractionService,
    private readonly renderer: PageRenderer,
    @Inject(PAGES) private readonly pages: ResolvedPages,
  ) {}

  @Get()
  async home(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const account = await this.interactions.signedIn(request);
    const waiting = await waitingClients(this.interactions, request);
    await this.renderer.show(homePage(account, this.pages.demo, waiting), request, reply);
  }
}

export function homePage(
  account: SignedIn | undefined,
  demo: DemoData | undefined,
  waiting: readonly string[] = [],
): Page {
  return {
    template: 'home',
    title: account ? { key: 'home.greeting', values: { name: account.name } } : { key: 'home.title' },
    wide: demo !== undefined,
    data: { account, demo, waiting },
  };
}
