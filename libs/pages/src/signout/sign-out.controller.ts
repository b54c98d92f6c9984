import { Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import { type HttpReply, type HttpRequest, InteractionService, type SignOutView } from '@tessera/token-server';
import { type Refusal, refusalOfForm } from '../form/refusal.js';
import { ProblemFilter } from '../problem/problem.filter.js';
import { PageAddresses, pagePaths } from '../rendering/page-addresses.js';
import { PageRenderer } from '../rendering/page.renderer.js';
import { redirect } from '../rendering/redirect.js';
import { signedOutPage, signOutPage } from './sign-out-pages.js';

/** Where a person ends the session. */
@Controller(pagePaths.signOut)
@UseFilters(ProblemFilter)
export class SignOutController {
  constructor(
    private readonly interactions: InteractionService,
    private readonly renderer: PageRenderer,
    private readonly addresses: PageAddresses,
  ) {}

  @Get()
  async ask(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const view = await this.interactions.signOutRequest(request);
    if (!view.account) return this.renderer.show(signedOutPage(view), request, reply);
    await this.show(request, reply, view);
  }

  @Post()
  async signOut(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const refusal = refusalOfForm(this.interactions, request);
    if (!refusal) return redirect(reply, await this.interactions.signOut(request, reply));
    await this.show(request, reply, await this.interactions.signOutRequest(request), refusal);
  }

  private async show(request: HttpRequest, reply: HttpReply, view: SignOutView, refusal?: Refusal): Promise<void> {
    const csrf = this.interactions.csrfToken(request, reply);
    await this.renderer.show(signOutPage(view, csrf, this.addresses, refusal), request, reply);
  }
}
