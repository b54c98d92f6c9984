import { Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import { type HttpReply, type HttpRequest, InteractionService } from '@tessera/token-server';
import { checkForm, fieldOf, redirect } from './form.js';
import { OwnPages, paths } from './own.pages.js';
import { ProblemFilter } from './problem.filter.js';

/** Where somebody who is signed in goes on as that person, or as another (`prompt=select_account`). */
@Controller(paths.chooseAccount)
@UseFilters(ProblemFilter)
export class AccountController {
  constructor(
    private readonly interactions: InteractionService,
    private readonly pages: OwnPages,
  ) {}

  @Get()
  async ask(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const pending = await this.interactions.pending(request);
    if ('lost' in pending) return this.pages.showLost(reply);
    if (pending.step !== 'chooseAccount') return redirect(reply, pending.resumeUrl);
    const { id, account, formTargets } = pending;
    const csrf = this.interactions.csrfToken(request, reply);
    const otherAccountUrl = `${paths.signIn}?${new URLSearchParams({ interaction: id }).toString()}`;
    const data = { csrf, account, otherAccountUrl };
    await this.pages.show(reply, { template: 'account', title: 'Who are you?', formTargets, data });
  }

  @Post()
  async choose(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const pending = await this.interactions.pending(request);
    if ('lost' in pending) return this.pages.showLost(reply);
    checkForm(this.interactions, request, pending.account);
    const isCancelled = fieldOf(request.body, 'action') === 'cancel';
    const next = isCancelled
      ? await this.interactions.cancel(request, pending)
      : await this.interactions.continueAs(request, pending);
    redirect(reply, next);
  }
}
