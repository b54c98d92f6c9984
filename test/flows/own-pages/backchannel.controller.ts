import { Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import {
  type BackchannelQuestionView,
  type HttpReply,
  type HttpRequest,
  InteractionService,
  type SignedIn,
} from '@tessera/token-server';
import { checkForm, fieldOf, fieldsOf, redirect } from './form.js';
import { OwnPages, paths } from './own.pages.js';
import { ProblemFilter } from './problem.filter.js';

/** Where a person answers what a client asks from elsewhere (CIBA): what `request` names, or all that waits. */
@Controller(paths.backchannel)
@UseFilters(ProblemFilter)
export class BackchannelController {
  constructor(
    private readonly interactions: InteractionService,
    private readonly pages: OwnPages,
  ) {}

  @Get()
  async ask(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const id = fieldOf(request.query, 'request') ?? '';
    const account = await this.interactions.signedIn(request);
    if (!account) return redirect(reply, signInFor(id));
    const question = await this.interactions.question(request, id);
    if (question) return this.show(request, reply, account, question);
    const questions = await this.interactions.questions(request);
    const title = questions.length === 0 ? 'Nothing waits for you' : 'Waiting for you';
    await this.pages.show(reply, { template: 'questions', title, data: { account, questions } });
  }

  @Post()
  async answer(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const id = fieldOf(request.query, 'request') ?? '';
    const account = await this.interactions.signedIn(request);
    if (!account) return redirect(reply, signInFor(id));
    checkForm(this.interactions, request, account);
    // Whatever is not a clear yes is a no.
    const isAllowed = fieldOf(request.body, 'decision') === 'allow';
    const question = await this.interactions.question(request, id);
    if (isAllowed && question?.signInFault) return redirect(reply, signInFor(id));
    const isDone = isAllowed
      ? await this.interactions.allowQuestion(request, id, fieldsOf(request.body, 'scope'))
      : await this.interactions.denyQuestion(request, id);
    const title = !isDone ? 'Too late' : isAllowed ? 'You have agreed' : 'You have refused';
    await this.pages.show(reply, { template: 'done', title });
  }

  private async show(
    request: HttpRequest,
    reply: HttpReply,
    account: SignedIn,
    question: BackchannelQuestionView,
  ): Promise<void> {
    const { client, consent } = question;
    const data = { csrf: this.interactions.csrfToken(request, reply), account, question, consent };
    await this.pages.show(reply, { template: 'question', title: `${client.name} asks for your word`, data });
  }
}

/** The sign-in page, which leads back here. */
function signInFor(id: string): string {
  return `${paths.signIn}?request=${encodeURIComponent(id)}`;
}
