import { Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import { type HttpReply, type HttpRequest, InteractionService, type SignOutView } from '@tessera/token-server';
import { checkForm, redirect } from './form.js';
import { OwnPages, paths } from './own.pages.js';
import { ProblemFilter } from './problem.filter.js';

/** Where a person ends the session; and says so, because any site can lead somebody here (OpenID Connect RP-Initiated Logout §6). */
@Controller()
@UseFilters(ProblemFilter)
export class SignOutController {
  constructor(
    private readonly interactions: InteractionService,
    private readonly pages: OwnPages,
  ) {}

  @Get(paths.signOut)
  async ask(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const view = await this.interactions.signOutRequest(request);
    const { account, returnUrl } = view;
    if (!account) return this.showDone(reply, view);
    const data = { csrf: this.interactions.csrfToken(request, reply), account };
    const formTargets = returnUrl === undefined ? [] : [returnUrl];
    await this.pages.show(reply, { template: 'signOut', title: 'Sign out?', formTargets, data });
  }

  @Post(paths.signOut)
  async signOut(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    checkForm(this.interactions, request);
    redirect(reply, await this.interactions.signOut(request, reply));
  }

  @Get(paths.signedOut)
  async done(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    await this.showDone(reply, await this.interactions.signedOut(request));
  }

  /** The frames tell the other applications that the person is gone (OpenID Connect Front-Channel Logout §3). */
  private async showDone(reply: HttpReply, { client, returnUrl, frames }: SignOutView): Promise<void> {
    const data = { client, returnUrl, frames };
    await this.pages.show(reply, { template: 'signedOut', title: 'You are signed out', frames, data });
  }
}
