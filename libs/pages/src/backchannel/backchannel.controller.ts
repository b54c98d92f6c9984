import { Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import {
  type BackchannelQuestionView,
  type HttpReply,
  type HttpRequest,
  InteractionService,
  type SignedIn,
} from '@tessera/token-server';
import { isNothing } from '../consent/consent-choice.js';
import { textOf, textsOf } from '../form/form-fields.js';
import { type Refusal, refusalOfForm, refused } from '../form/refusal.js';
import { ProblemFilter } from '../problem/problem.filter.js';
import { PageAddresses, pagePaths } from '../rendering/page-addresses.js';
import { PageRenderer } from '../rendering/page.renderer.js';
import { redirect } from '../rendering/redirect.js';
import { signInAddress, signInAgain } from '../signin/after-sign-in.js';
import { listPage, questionPage } from './backchannel-pages.js';

/** Answered, over, or asked of somebody else: who asks is not told which, since the id may be anybody's. */
const gone = refused(404, { key: 'backchannel.gone' });

/** Where a person answers what a client asks from elsewhere (CIBA Core §8). */
@Controller(pagePaths.backchannel)
@UseFilters(ProblemFilter)
export class BackchannelController {
  constructor(
    private readonly interactions: InteractionService,
    private readonly renderer: PageRenderer,
    private readonly addresses: PageAddresses,
  ) {}

  /** All that waits for the person, or what the link of a notification names. */
  @Get()
  async ask(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const id = textOf(request.query, 'request');
    const account = await this.interactions.signedIn(request);
    if (!account) return this.askToSignIn(reply, id);
    if (id === undefined) return this.list(request, reply, account);
    const question = await this.interactions.question(request, id);
    return question ? this.show(request, reply, question, account) : this.list(request, reply, account, gone, id);
  }

  @Post()
  async answer(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const id = textOf(request.body, 'request') ?? '';
    const account = await this.interactions.signedIn(request);
    if (!account) return this.askToSignIn(reply, id);
    const refusal = refusalOfForm(this.interactions, request, account);
    const question = await this.interactions.question(request, id);
    if (!question) return this.list(request, reply, account, refusal ?? gone, id);
    const reason = refusal ?? refusalOfAnswer(request, question);
    if (reason) return this.show(request, reply, question, account, reason);
    const isAllowed = textOf(request.body, 'decision') === 'allow';
    // The sign-in has grown old while the page was open: shown again, it says so.
    if (isAllowed && question.signInFault) return redirect(reply, this.addresses.of('backchannel', { request: id }));
    if (await this.carryOut(request, id, isAllowed)) {
      return redirect(reply, this.addresses.of('backchannelDone', { result: isAllowed ? 'allowed' : 'denied' }));
    }
    await this.list(request, reply, account, gone, id);
  }

  private carryOut(request: HttpRequest, id: string, isAllowed: boolean): Promise<boolean> {
    return isAllowed
      ? this.interactions.allowQuestion(request, id, textsOf(request.body, 'scope'))
      : this.interactions.denyQuestion(request, id);
  }

  private askToSignIn(reply: HttpReply, id: string | undefined): void {
    redirect(reply, signInAddress(this.addresses, { page: 'backchannel', request: id }));
  }

  private async show(
    request: HttpRequest,
    reply: HttpReply,
    question: BackchannelQuestionView,
    account: SignedIn,
    refusal?: Refusal,
  ): Promise<void> {
    const csrf = this.interactions.csrfToken(request, reply);
    const signInUrl = signInAgain(this.addresses, account, { page: 'backchannel', request: question.id });
    const chosen = refusal && textsOf(request.body, 'scope');
    await this.renderer.show(questionPage({ question, account, csrf, signInUrl, refusal, chosen }), request, reply);
  }

  private async list(
    request: HttpRequest,
    reply: HttpReply,
    account: SignedIn,
    refusal?: Refusal,
    id?: string,
  ): Promise<void> {
    const questions = await this.interactions.questions(request);
    // With the link that brought the person here: it may be meant for the other account.
    const otherAccountUrl = signInAgain(this.addresses, account, { page: 'backchannel', request: id });
    const rows = questions.map((question) => ({
      ...question,
      url: this.addresses.of('backchannel', { request: question.id }),
    }));
    await this.renderer.show(listPage({ questions: rows, account, otherAccountUrl, refusal }), request, reply);
  }
}

function refusalOfAnswer({ body }: HttpRequest, { consent }: BackchannelQuestionView): Refusal | undefined {
  const decision = textOf(body, 'decision');
  if (decision === 'deny') return undefined;
  if (decision !== 'allow') return refused(400, { key: 'consent.decide' });
  return isNothing(consent, textsOf(body, 'scope')) ? refused(400, { key: 'consent.chooseOne' }) : undefined;
}
