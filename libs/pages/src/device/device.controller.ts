import { Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import { type HttpReply, type HttpRequest, InteractionService, type SignedIn } from '@tessera/token-server';
import { textOf } from '../form/form-fields.js';
import { type Refusal, refusalOfForm } from '../form/refusal.js';
import { ProblemFilter } from '../problem/problem.filter.js';
import { PageAddresses, pagePaths } from '../rendering/page-addresses.js';
import { PageRenderer } from '../rendering/page.renderer.js';
import { redirect } from '../rendering/redirect.js';
import { signInAddress, signInAgain } from '../signin/after-sign-in.js';
import { proofOf } from './code-proof.js';
import { codePage } from './device-pages.js';
import { findDevice } from './find-device.js';

/** Where a person enters the code that a device shows (RFC 8628 §3.3). */
@Controller(pagePaths.device)
@UseFilters(ProblemFilter)
export class DeviceController {
  constructor(
    private readonly interactions: InteractionService,
    private readonly renderer: PageRenderer,
    private readonly addresses: PageAddresses,
  ) {}

  /** A code in the address is not looked up here: a page that is merely opened must not use up the tries of its visitor. */
  @Get()
  async ask(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const userCode = textOf(request.query, 'user_code');
    const account = await this.interactions.signedIn(request);
    if (!account) return redirect(reply, signInAddress(this.addresses, { page: 'device', userCode }));
    await this.show(request, reply, account, userCode);
  }

  @Post()
  async check(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const userCode = textOf(request.body, 'user_code')?.trim();
    const account = await this.interactions.signedIn(request);
    if (!account) return redirect(reply, signInAddress(this.addresses, { page: 'device', userCode }));
    const found =
      refusalOfForm(this.interactions, request, account) ?? (await findDevice(this.interactions, request, userCode));
    if ('notice' in found) return this.show(request, reply, account, userCode, found);
    if (found.signInAgain)
      return redirect(reply, signInAgain(this.addresses, account, { page: 'device', userCode: found.userCode }));
    const proof = proofOf(this.interactions.csrfToken(request, reply), found.userCode);
    redirect(reply, this.addresses.of('deviceConfirm', { user_code: found.userCode, proof }));
  }

  private async show(
    request: HttpRequest,
    reply: HttpReply,
    account: SignedIn,
    userCode: string | undefined,
    refusal?: Refusal,
  ): Promise<void> {
    const csrf = this.interactions.csrfToken(request, reply);
    await this.renderer.show(codePage(account, csrf, userCode, refusal), request, reply);
  }
}
