import { Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import {
  type ConsentView,
  type HttpReply,
  type HttpRequest,
  InteractionService,
  type PendingInteraction,
} from '@tessera/token-server';
import { textOf, textsOf } from '../form/form-fields.js';
import { type Refusal, refusalOfForm, refused } from '../form/refusal.js';
import { lostPage } from '../problem/problem-page.js';
import { ProblemFilter } from '../problem/problem.filter.js';
import { PageAddresses, pagePaths, queryFor } from '../rendering/page-addresses.js';
import type { Page } from '../rendering/page.js';
import { PageRenderer } from '../rendering/page.renderer.js';
import { redirect } from '../rendering/redirect.js';
import { isNothing, withChoice } from './consent-choice.js';

/** An authorize request that waits for the person's word. */
type Asked = PendingInteraction & { readonly consent: ConsentView };

/** Where a person says what an application may know and do. */
@Controller(pagePaths.consent)
@UseFilters(ProblemFilter)
export class ConsentController {
  constructor(
    private readonly interactions: InteractionService,
    private readonly renderer: PageRenderer,
    private readonly addresses: PageAddresses,
  ) {}

  @Get()
  async ask(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const pending = await this.interactions.pending(request);
    if ('lost' in pending) return this.renderer.show(lostPage(pending), request, reply);
    return isAsked(pending) ? this.show(request, reply, pending) : redirect(reply, pending.resumeUrl);
  }

  @Post()
  async answer(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const pending = await this.interactions.pending(request);
    if ('lost' in pending) return this.renderer.show(lostPage(pending), request, reply);
    if (!isAsked(pending)) return redirect(reply, pending.resumeUrl);
    const refusal = refusalOfForm(this.interactions, request, pending.account) ?? refusalOfAnswer(request, pending);
    if (refusal) return this.show(request, reply, pending, refusal);
    const next = isDenied(request)
      ? await this.interactions.cancel(request, pending)
      : await this.interactions.allow(request, pending, answerOf(request));
    redirect(reply, next);
  }

  private async show(request: HttpRequest, reply: HttpReply, asked: Asked, refusal?: Refusal): Promise<void> {
    const csrf = this.interactions.csrfToken(request, reply);
    const chosen = refusal && answerOf(request);
    await this.renderer.show(consentPage(asked, csrf, this.addresses, refusal, chosen), request, reply);
  }
}

function isAsked(pending: PendingInteraction): pending is Asked {
  return pending.step === 'consent' && pending.consent !== undefined;
}

function isDenied({ body }: HttpRequest): boolean {
  return textOf(body, 'decision') === 'deny';
}

function answerOf({ body }: HttpRequest): { scopes: string[]; remember: boolean } {
  return { scopes: textsOf(body, 'scope'), remember: textOf(body, 'remember') !== undefined };
}

function refusalOfAnswer(request: HttpRequest, { consent }: Asked): Refusal | undefined {
  if (isDenied(request)) return undefined;
  if (textOf(request.body, 'decision') !== 'allow') return refused(400, { key: 'consent.decide' });
  return isNothing(consent, answerOf(request).scopes) ? refused(400, { key: 'consent.chooseOne' }) : undefined;
}

function consentPage(
  asked: Asked,
  csrf: string,
  addresses: PageAddresses,
  refusal?: Refusal,
  answer?: { scopes: string[]; remember: boolean },
): Page {
  const { id, client, account, uiLocales, display, formTargets, consent } = asked;
  return {
    template: 'consent',
    title: { key: 'consent.title', values: { client: client.name } },
    ...refusal,
    uiLocales,
    display,
    policy: { formTargets },
    data: {
      csrf,
      interaction: id,
      client,
      account,
      formAction: addresses.of('consent', queryFor(asked)),
      otherAccountUrl: addresses.signInAsAnother(asked),
      consent: withChoice(consent, answer?.scopes),
      remember: answer?.remember ?? false,
    },
  };
}
