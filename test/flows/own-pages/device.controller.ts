import { Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import {
  type DeviceView,
  type HttpReply,
  type HttpRequest,
  InteractionService,
  type SignedIn,
} from '@tessera/token-server';
import { checkForm, fieldOf, fieldsOf, redirect } from './form.js';
import { OwnPages, paths } from './own.pages.js';
import { ProblemFilter } from './problem.filter.js';

/** Where a person enters the code that a device shows, and lets it in (RFC 8628 §3.3). */
@Controller(paths.device)
@UseFilters(ProblemFilter)
export class DeviceController {
  constructor(
    private readonly interactions: InteractionService,
    private readonly pages: OwnPages,
  ) {}

  /** A code in the address is filled in and not looked up: a page that is merely opened must not use up the tries of its visitor. */
  @Get()
  async ask(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const userCode = fieldOf(request.query, 'user_code') ?? '';
    const account = await this.interactions.signedIn(request);
    if (!account) return redirect(reply, signInFor(userCode));
    await this.show(request, reply, account, { userCode });
  }

  @Post()
  async answer(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const account = await this.interactions.signedIn(request);
    if (!account) return redirect(reply, paths.signIn);
    checkForm(this.interactions, request, account);
    const [userCode, decision] = [fieldOf(request.body, 'user_code') ?? '', fieldOf(request.body, 'decision')];
    const device = await this.interactions.device(request, userCode);
    if (!device) return this.show(request, reply, account, { userCode, notice: 'No device shows this code.' });
    if (device.signInAgain) return redirect(reply, signInFor(userCode));
    if (decision === undefined) return this.confirm(request, reply, account, device);
    const isDone =
      decision === 'allow'
        ? await this.interactions.allowDevice(request, device.userCode, fieldsOf(request.body, 'scope'))
        : await this.interactions.denyDevice(request, device.userCode);
    const title = !isDone
      ? 'Too late'
      : decision === 'allow'
        ? 'The device is connected'
        : 'The device was turned away';
    await this.pages.show(reply, { template: 'done', title });
  }

  private async show(
    request: HttpRequest,
    reply: HttpReply,
    account: SignedIn,
    { userCode, notice }: { readonly userCode: string; readonly notice?: string },
  ): Promise<void> {
    const data = { csrf: this.interactions.csrfToken(request, reply), account, userCode };
    const status = notice === undefined ? 200 : 400;
    await this.pages.show(reply, { template: 'device', title: 'Connect a device', status, notice, data });
  }

  private async confirm(
    request: HttpRequest,
    reply: HttpReply,
    account: SignedIn,
    { userCode, client, consent }: DeviceView,
  ): Promise<void> {
    const data = { csrf: this.interactions.csrfToken(request, reply), account, userCode, consent };
    await this.pages.show(reply, { template: 'deviceConfirm', title: `Connect ${client.name}?`, data });
  }
}

/** The sign-in page, which leads back here. */
function signInFor(userCode: string): string {
  return `${paths.signIn}?user_code=${encodeURIComponent(userCode)}`;
}
