import { Controller, Get, Req, Res, UseFilters } from '@nestjs/common';
import type { HttpReply, HttpRequest } from '@tessera/token-server';
import { textOf } from '../form/form-fields.js';
import { ProblemFilter } from '../problem/problem.filter.js';
import { pagePaths } from '../rendering/page-addresses.js';
import { PageRenderer } from '../rendering/page.renderer.js';
import { donePage } from './backchannel-pages.js';

/** Says that the client has its answer. */
@Controller(pagePaths.backchannelDone)
@UseFilters(ProblemFilter)
export class BackchannelDoneController {
  constructor(private readonly renderer: PageRenderer) {}

  @Get()
  async done(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    await this.renderer.show(donePage(textOf(request.query, 'result') === 'allowed'), request, reply);
  }
}
