import { Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import { type HttpReply, type HttpRequest, InteractionService } from '@tessera/token-server';
import { checkForm, fieldOf, fieldsOf, redirect } from './form.js';
import { OwnPages, paths } from './own.pages.js';
import { ProblemFilter } from './problem.filter.js';

/** Where a person says what an application may know and do. */
@Controller(paths.consent)
@UseFilters(ProblemFilter)
export class ConsentController {
  constructor(
    private readonly interactions: InteractionService,
    private readonly pages: OwnPages,
  ) {}

  @Get()
  async ask(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const pending = await this.interactions.pending(request);
    if ('lost' in pending) return this.pages.showLost(reply);
    if (pending.step !== 'consent') return redirect(reply, pending.resumeUrl);
    const { client, account, consent, formTargets } = pending;
    const title = `${client.name} asks for your permission`;
    const data = { csrf: this.interactions.csrfToken(request, reply), account, consent };
    await this.pages.show(reply, { template: 'consent', title, formTargets, data });
  }

  @Post()
  async answer(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const pending = await this.interactions.pending(request);
    if ('lost' in pending) return this.pages.showLost(reply);
    if (pending.step !== 'consent') return redirect(reply, pending.resumeUrl);
    checkForm(this.interactions, request, pending.account);
    const { body } = request;
    const answer = { scopes: fieldsOf(body, 'scope'), remember: fieldOf(body, 'remember') !== undefined };
    // Whatever is not a clear yes is a no.
    const isAllowed = fieldOf(body, 'decision') === 'allow';
    const next = isAllowed
      ? await this.interactions.allow(request, pending, answer)
      : await this.interactions.cancel(request, pending);
    redirect(reply, next);
  }
}
