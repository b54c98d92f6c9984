import { Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import { type HttpReply, type HttpRequest, InteractionService, type SignedIn } from '@tessera/token-server';
import { waitingClients } from '../backchannel/waiting-clients.js';
import { textOf } from '../form/form-fields.js';
import { type Refusal, refusalOfForm } from '../form/refusal.js';
import { ProblemFilter } from '../problem/problem.filter.js';
import { PageAddresses, pagePaths } from '../rendering/page-addresses.js';
import type { Notice } from '../rendering/page.js';
import { PageRenderer } from '../rendering/page.renderer.js';
import { redirect } from '../rendering/redirect.js';
import { signInAddress } from '../signin/after-sign-in.js';
import { applicationsPage } from './applications-page.js';

/** What a person allowed to whom and where the person is signed in: to see, and to end. */
@Controller(pagePaths.applications)
@UseFilters(ProblemFilter)
export class ApplicationsController {
  constructor(
    private readonly interactions: InteractionService,
    private readonly renderer: PageRenderer,
    private readonly addresses: PageAddresses,
  ) {}

  @Get()
  async list(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const account = await this.interactions.signedIn(request);
    if (!account) return this.askToSignIn(reply);
    await this.show(request, reply, account);
  }

  @Post()
  async end(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const account = await this.interactions.signedIn(request);
    if (!account) return this.askToSignIn(reply);
    const refusal = refusalOfForm(this.interactions, request, account);
    if (refusal) return this.show(request, reply, account, refusal);
    redirect(reply, this.addresses.of('applications', { done: await this.carryOut(request) }));
  }

  private async carryOut(request: HttpRequest): Promise<string | undefined> {
    const [clientId, sessionId] = [textOf(request.body, 'client_id'), textOf(request.body, 'session_id')];
    if (clientId !== undefined) {
      await this.interactions.withdraw(request, clientId);
      return 'removed';
    }
    if (sessionId === undefined) return undefined;
    await this.interactions.endSession(request, sessionId);
    return 'ended';
  }

  private askToSignIn(reply: HttpReply): void {
    redirect(reply, signInAddress(this.addresses, { page: 'applications' }));
  }

  private async show(request: HttpRequest, reply: HttpReply, account: SignedIn, refusal?: Refusal): Promise<void> {
    const page = applicationsPage({
      account,
      csrf: this.interactions.csrfToken(request, reply),
      applications: await this.interactions.applications(request),
      sessions: await this.interactions.sessions(request),
      waiting: await waitingClients(this.interactions, request),
      refusal,
      done: doneNotice(request),
    });
    await this.renderer.show(page, request, reply);
  }
}

function doneNotice({ query }: HttpRequest): Notice | undefined {
  const done = textOf(query, 'done');
  if (done === 'removed') return { kind: 'success', message: { key: 'applications.removed' } };
  return done === 'ended' ? { kind: 'success', message: { key: 'sessions.ended' } } : undefined;
}
