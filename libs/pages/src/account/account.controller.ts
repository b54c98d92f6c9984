import { Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import { type HttpReply, type HttpRequest, InteractionService, type PendingInteraction } from '@tessera/token-server';
import { textOf } from '../form/form-fields.js';
import { type Refusal, refusalOfForm } from '../form/refusal.js';
import { lostPage } from '../problem/problem-page.js';
import { ProblemFilter } from '../problem/problem.filter.js';
import { PageAddresses, pagePaths, queryFor } from '../rendering/page-addresses.js';
import type { Page } from '../rendering/page.js';
import { PageRenderer } from '../rendering/page.renderer.js';
import { redirect } from '../rendering/redirect.js';

/** Where somebody who is signed in goes on as that person, or as another (`prompt=select_account`). */
@Controller(pagePaths.chooseAccount)
@UseFilters(ProblemFilter)
export class AccountController {
  constructor(
    private readonly interactions: InteractionService,
    private readonly renderer: PageRenderer,
    private readonly addresses: PageAddresses,
  ) {}

  @Get()
  async ask(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const pending = await this.interactions.pending(request);
    if ('lost' in pending) return this.renderer.show(lostPage(pending), request, reply);
    return pending.step === 'chooseAccount' ? this.show(request, reply, pending) : redirect(reply, pending.resumeUrl);
  }

  @Post()
  async choose(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const pending = await this.interactions.pending(request);
    if ('lost' in pending) return this.renderer.show(lostPage(pending), request, reply);
    if (!pending.account) return redirect(reply, pending.resumeUrl);
    const refusal = refusalOfForm(this.interactions, request, pending.account);
    if (refusal) return this.show(request, reply, pending, refusal);
    const isCancelled = textOf(request.body, 'action') === 'cancel';
    const next = isCancelled
      ? await this.interactions.cancel(request, pending)
      : await this.interactions.continueAs(request, pending);
    redirect(reply, next);
  }

  private async show(
    request: HttpRequest,
    reply: HttpReply,
    pending: PendingInteraction,
    refusal?: Refusal,
  ): Promise<void> {
    const csrf = this.interactions.csrfToken(request, reply);
    await this.renderer.show(accountPage(pending, csrf, this.addresses, refusal), request, reply);
  }
}

function accountPage(pending: PendingInteraction, csrf: string, addresses: PageAddresses, refusal?: Refusal): Page {
  const { id, client, account, uiLocales, display, formTargets } = pending;
  return {
    template: 'account',
    title: { key: 'account.title' },
    ...refusal,
    uiLocales,
    display,
    policy: { formTargets },
    data: {
      csrf,
      interaction: id,
      client,
      account,
      formAction: addresses.of('chooseAccount', queryFor(pending)),
      otherAccountUrl: addresses.signInAsAnother(pending),
    },
  };
}
