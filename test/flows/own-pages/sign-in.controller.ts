import { Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import {
  type HttpReply,
  type HttpRequest,
  InteractionService,
  type LostInteraction,
  type PendingInteraction,
} from '@tessera/token-server';
import { checkForm, fieldOf, redirect } from './form.js';
import { OwnPages, paths } from './own.pages.js';
import { ProblemFilter } from './problem.filter.js';

/** Where people sign in: for an application that waits for them, to connect a device, or to answer a question. */
@Controller(paths.signIn)
@UseFilters(ProblemFilter)
export class SignInController {
  constructor(
    private readonly interactions: InteractionService,
    private readonly pages: OwnPages,
  ) {}

  @Get()
  async ask(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const pending = await this.pending(request);
    if (pending && 'lost' in pending) return this.pages.showLost(reply);
    // Somebody who comes back to this page with the browser's button has nothing to do here any more.
    if (pending && ['consent', 'proceed'].includes(pending.step)) return redirect(reply, pending.resumeUrl);
    await this.show(request, reply, pending);
  }

  @Post()
  async signIn(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    checkForm(this.interactions, request);
    const pending = await this.pending(request);
    if (pending && 'lost' in pending) return this.pages.showLost(reply);
    if (pending && fieldOf(request.body, 'action') === 'cancel') {
      return redirect(reply, await this.interactions.cancel(request, pending));
    }
    const person = await this.verify(request, pending);
    // One answer for an unknown name and a wrong password.
    if (!person) return this.show(request, reply, pending, 'Wrong user name or password.');
    const remember = fieldOf(request.body, 'rememberMe') !== undefined;
    const next = await this.interactions.signIn(request, reply, person, { remember, interaction: pending });
    redirect(reply, next ?? afterwards(request));
  }

  /** Undefined where no application waits. */
  private async pending(request: HttpRequest): Promise<PendingInteraction | LostInteraction | undefined> {
    return fieldOf(request.query, 'interaction') === undefined ? undefined : this.interactions.pending(request);
  }

  private async verify(request: HttpRequest, pending: PendingInteraction | undefined) {
    const [username, password] = [fieldOf(request.body, 'username'), fieldOf(request.body, 'password')];
    if (username === undefined || password === undefined || pending?.localLogin === false) return undefined;
    return this.interactions.checkPassword(request, username, password);
  }

  private async show(request: HttpRequest, reply: HttpReply, pending?: PendingInteraction, notice?: string) {
    const { id = '', client, localLogin = true, loginHint, externalProviders = [], formTargets } = pending ?? {};
    const query = new URLSearchParams({ interaction: id }).toString();
    await this.pages.show(reply, {
      template: 'signIn',
      title: 'Sign in',
      status: notice === undefined ? 200 : 400,
      notice,
      formTargets,
      data: {
        csrf: this.interactions.csrfToken(request, reply),
        client,
        localLogin,
        username: fieldOf(request.body, 'username') ?? loginHint,
        providers: externalProviders.map(({ displayName, path }) => ({ displayName, url: `${path}?${query}` })),
      },
    });
  }
}

/** Where somebody goes on who signs in for no application: to a page of ours, never to an address out of the request. */
function afterwards({ query }: HttpRequest): string {
  const [id, userCode = ''] = [fieldOf(query, 'request'), fieldOf(query, 'user_code')];
  return id === undefined
    ? `${paths.device}?user_code=${encodeURIComponent(userCode)}`
    : `${paths.backchannel}?request=${encodeURIComponent(id)}`;
}
