import { Controller, Post, Res, UseGuards } from '@nestjs/common';
import type { WebReply } from '../http/exchange.js';
import { FormGuard, SignedIn } from './form.guard.js';
import { FreshTokens } from './fresh-tokens.js';
import type { Session } from './session.js';

/** Refreshes when a person asks for it; before a call of the API it happens by itself. */
@Controller('refresh')
@UseGuards(FormGuard)
export class RefreshController {
  constructor(private readonly tokens: FreshTokens) {}

  @Post()
  async refresh(@SignedIn() session: Session, @Res() reply: WebReply): Promise<void> {
    await this.tokens.refresh(session.id);
    reply.redirect('/', 303);
  }
}
