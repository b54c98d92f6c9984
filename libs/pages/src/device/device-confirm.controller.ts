import { Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import {
  type DeviceView,
  type HttpReply,
  type HttpRequest,
  InteractionService,
  type SignedIn,
} from '@tessera/token-server';
import { isNothing } from '../consent/consent-choice.js';
import { textOf, textsOf } from '../form/form-fields.js';
import { faultyFields, type Refusal, refusalOfForm, refused } from '../form/refusal.js';
import { ProblemFilter } from '../problem/problem.filter.js';
import { PageAddresses, pagePaths } from '../rendering/page-addresses.js';
import { PageRenderer } from '../rendering/page.renderer.js';
import { redirect } from '../rendering/redirect.js';
import { signInAddress, signInAgain } from '../signin/after-sign-in.js';
import { isProof } from './code-proof.js';
import { codePage, confirmPage } from './device-pages.js';
import { findDevice } from './find-device.js';

/** Where a person lets a device in, or refuses it. */
@Controller(pagePaths.deviceConfirm)
@UseFilters(ProblemFilter)
export class DeviceConfirmController {
  constructor(
    private readonly interactions: InteractionService,
    private readonly renderer: PageRenderer,
    private readonly addresses: PageAddresses,
  ) {}

  /** Where the browser was merely led here, the code is not looked up: it must not use up the tries of its person. */
  @Get()
  async ask(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const userCode = textOf(request.query, 'user_code');
    const account = await this.interactions.signedIn(request);
    if (!account) return redirect(reply, signInAddress(this.addresses, { page: 'device', userCode }));
    if (userCode === undefined || !this.isSentBefore(request, reply, userCode)) {
      return redirect(reply, this.addresses.of('device', { user_code: userCode }));
    }
    const device = await findDevice(this.interactions, request, userCode);
    if ('notice' in device) return this.enterAgain(request, reply, account, device);
    if (device.signInAgain) return redirect(reply, signInAgain(this.addresses, account, { page: 'device', userCode }));
    await this.show(request, reply, device, account);
  }

  @Post()
  async answer(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const userCode = textOf(request.body, 'user_code');
    const account = await this.interactions.signedIn(request);
    if (!account) return redirect(reply, signInAddress(this.addresses, { page: 'device', userCode }));
    const device =
      refusalOfForm(this.interactions, request, account) ?? (await findDevice(this.interactions, request, userCode));
    if ('notice' in device) return this.enterAgain(request, reply, account, device, userCode);
    const refusal = refusalOfAnswer(request, device);
    if (refusal) return this.show(request, reply, device, account, refusal);
    const isAllowed = textOf(request.body, 'decision') === 'allow';
    if (isAllowed && device.signInAgain)
      return redirect(reply, signInAgain(this.addresses, account, { page: 'device', userCode: device.userCode }));
    if (await this.carryOut(request, device, isAllowed)) {
      return redirect(reply, this.addresses.of('deviceDone', { result: isAllowed ? 'allowed' : 'denied' }));
    }
    await this.enterAgain(request, reply, account, faultyFields('device.wrong'));
  }

  private isSentBefore(request: HttpRequest, reply: HttpReply, userCode: string): boolean {
    return isProof(textOf(request.query, 'proof') ?? '', this.interactions.csrfToken(request, reply), userCode);
  }

  private carryOut(request: HttpRequest, { userCode }: DeviceView, isAllowed: boolean): Promise<boolean> {
    return isAllowed
      ? this.interactions.allowDevice(request, userCode, textsOf(request.body, 'scope'))
      : this.interactions.denyDevice(request, userCode);
  }

  private async show(
    request: HttpRequest,
    reply: HttpReply,
    device: DeviceView,
    account: SignedIn,
    refusal?: Refusal,
  ): Promise<void> {
    const csrf = this.interactions.csrfToken(request, reply);
    const chosen = refusal && textsOf(request.body, 'scope');
    await this.renderer.show(confirmPage(device, account, csrf, refusal, chosen), request, reply);
  }

  /** The code has come to nothing: back to where it is entered. */
  private async enterAgain(
    request: HttpRequest,
    reply: HttpReply,
    account: SignedIn,
    refusal: Refusal,
    userCode?: string,
  ): Promise<void> {
    const csrf = this.interactions.csrfToken(request, reply);
    await this.renderer.show(codePage(account, csrf, userCode, refusal), request, reply);
  }
}

function refusalOfAnswer({ body }: HttpRequest, { consent }: DeviceView): Refusal | undefined {
  const decision = textOf(body, 'decision');
  if (decision === 'deny') return undefined;
  if (decision !== 'allow') return refused(400, { key: 'consent.decide' });
  return isNothing(consent, textsOf(body, 'scope')) ? refused(400, { key: 'consent.chooseOne' }) : undefined;
}
