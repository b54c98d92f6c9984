import { Controller, Get, Injectable, Req, Res, UseFilters } from '@nestjs/common';
import {
  type ExternalProvider,
  ExternalProviders,
  type HttpReply,
  type HttpRequest,
  InteractionService,
} from '@tessera/token-server';
import * as client from 'openid-client';
import { CorporateProvider } from './corporate.provider.js';
import { redirect } from './form.js';
import { OwnPages } from './own.pages.js';
import { ProblemFilter } from './problem.filter.js';

/** The button on the sign-in page. */
const corporate: ExternalProvider = { id: 'corporate', displayName: 'your work account', path: 'corporate' };

@Injectable()
export class CorporateButton extends ExternalProviders {
  async list() {
    return [corporate];
  }
}

/** Employees sign in at the provider of their company, and come back. */
@Controller(corporate.path)
@UseFilters(ProblemFilter)
export class CorporateSignInController {
  constructor(
    private readonly interactions: InteractionService,
    private readonly pages: OwnPages,
    private readonly provider: CorporateProvider,
  ) {}

  @Get()
  async leave(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const pending = await this.interactions.pending(request);
    if ('lost' in pending) return this.pages.showLost(reply);
    redirect(reply, await this.provider.begin(pending.id));
  }

  /** The redirect URI has no room for the parameter `interaction`, so what was begun tells which one it is. */
  @Get('callback')
  async comeBack(@Req() request: HttpRequest, @Res() reply: HttpReply): Promise<void> {
    const begun = this.provider.take(request);
    // Lost also in another browser than the one that left: nobody can be signed in with somebody else's answer (login CSRF).
    const pending = begun && (await this.interactions.pending(request, begun.interaction));
    if (!pending || 'lost' in pending) return this.pages.showLost(reply);
    try {
      const employee = await this.provider.finish(request, begun);
      const person = { subject: employee.subject, methods: employee.methods, identityProvider: corporate.id };
      const choices = { remember: false, interaction: pending };
      redirect(reply, (await this.interactions.signIn(request, reply, person, choices)) ?? pending.resumeUrl);
    } catch (error) {
      if (!(error instanceof client.AuthorizationResponseError)) throw error;
      // The person turned round at the provider: back to the choice of how to sign in.
      redirect(reply, pending.resumeUrl);
    }
  }
}
