import { Controller, Get, Inject, Post, Req, Res, UseFilters } from '@nestjs/common';
import {
  type HttpReply,
  type HttpRequest,
  InteractionService,
  type LostInteraction,
  type PendingInteraction,
  type VerifiedPerson,
} from '@tessera/token-server';
import { textOf } from '../form/form-fields.js';
import { faultyFields, passingRefusal, type Refusal, refusalOfForm, refused } from '../form/refusal.js';
import { lostPage } from '../problem/problem-page.js';
import { ProblemFilter } from '../problem/problem.filter.js';
import { PageAddresses, pagePaths } from '../rendering/page-addresses.js';
import { PageRenderer } from '../rendering/page.renderer.js';
import { redirect } from '../rendering/redirect.js';
import { PAGES, type ResolvedPages } from '../resolve-pages.js';
import { addressAfter, afterSignIn } from './after-sign-in.js';
import { signInPage } from './sign-in-page.js';

/** Where people sign in: for an application that waits for them, or for the server itself. */
@Controller(pagePaths.signIn)
@UseFilters(ProblemFilter)
export class SignInController {
  constructor(
    private readonly interactions: InteractionService,
    private readonly renderer: PageRenderer,
    private readonly addresses: PageAddresses,
    @Inject(PAGES) private readonly pages: ResolvedPages,
  ) {}

  @Get()
  async ask(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const pending = await this.pendingOf(request);
    if (pending && 'lost' in pending) return this.renderer.show(lostPage(pending), request, reply);
    const next = await this.nextOf(request, pending);
    return next === undefined ? this.show(request, reply, pending) : redirect(reply, next);
  }

  @Post()
  async signIn(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const pending = await this.pendingOf(request);
    if (pending && 'lost' in pending) return this.renderer.show(lostPage(pending), request, reply);
    const refusal = refusalOfForm(this.interactions, request);
    if (refusal) return this.show(request, reply, pending, refusal);
    if (pending && textOf(request.body, 'action') === 'cancel') {
      return redirect(reply, await this.interactions.cancel(request, pending));
    }
    const person = await this.verify(request, pending);
    if ('notice' in person) return this.show(request, reply, pending, person);
    const remember = textOf(request.body, 'rememberMe') !== undefined;
    const next = await this.interactions.signIn(request, reply, person, { remember, interaction: pending });
    redirect(reply, next ?? addressAfter(this.addresses, afterSignIn(request)));
  }

  private async pendingOf(request: HttpRequest): Promise<PendingInteraction | LostInteraction | undefined> {
    const isFor = textOf(request.query, 'interaction') ?? textOf(request.body, 'interaction');
    return isFor === undefined ? undefined : this.interactions.pending(request);
  }

  /**
   * Where to go at once: somebody who comes back to this page, or has signed in in another tab, has nothing to do here, unless it is
   * to sign in as somebody else.
   */
  private async nextOf(request: HttpRequest, pending: PendingInteraction | undefined): Promise<string | undefined> {
    if (pending && switchesAccount(request)) return undefined;
    if (pending) return ['consent', 'proceed'].includes(pending.step) ? pending.resumeUrl : undefined;
    const [account, after] = [await this.interactions.signedIn(request), afterSignIn(request)];
    const isDone = account !== undefined && account.signedInAt > (after.newerThan ?? 0);
    return isDone ? addressAfter(this.addresses, after) : undefined;
  }

  /** One answer for an unknown name and a wrong password. */
  private async verify(
    request: HttpRequest,
    pending: PendingInteraction | undefined,
  ): Promise<VerifiedPerson | Refusal> {
    if (pending?.localLogin === false) {
      return refused(400, { key: 'signin.passwordsOff', values: { client: pending.client.name } });
    }
    const [username, password] = [textOf(request.body, 'username')?.trim(), textOf(request.body, 'password')];
    if (!username || !password) return faultyFields('signin.incomplete');
    try {
      return (await this.interactions.checkPassword(request, username, password)) ?? faultyFields('signin.wrong');
    } catch (error) {
      return passingRefusal(error);
    }
  }

  private async show(
    request: HttpRequest,
    reply: HttpReply,
    pending: PendingInteraction | undefined,
    refusal?: Refusal,
  ): Promise<void> {
    const { body } = request;
    const entered = { username: textOf(body, 'username'), rememberMe: textOf(body, 'rememberMe') !== undefined };
    const page = signInPage(
      {
        pending,
        after: afterSignIn(request),
        switchesAccount: switchesAccount(request),
        csrf: this.interactions.csrfToken(request, reply),
        createAccountPath: this.pages.options.createAccountPath,
        refusal,
        entered: refusal && entered,
      },
      this.addresses,
    );
    await this.renderer.show(page, request, reply);
  }
}

function switchesAccount({ query }: HttpRequest): boolean {
  return textOf(query, 'switch_account') !== undefined;
}
