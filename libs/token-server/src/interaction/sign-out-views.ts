import { Injectable } from '@nestjs/common';
import type { InteractionAnswers, Session } from '@tessera/resource-model';
import { FrontChannelLogout } from '../sessions/front-channel-logout.js';
import { ClientViews } from './client-views.js';
import { People } from './people.js';
import type { SignOutRequest } from './sign-out-requests.js';
import type { SignOutView } from './views.js';

/** What the sign-out pages show. */
@Injectable()
export class SignOutViews {
  constructor(
    private readonly frontChannel: FrontChannelLogout,
    private readonly people: People,
    private readonly clients: ClientViews,
  ) {}

  async asking(request: SignOutRequest, session?: Session, id?: string): Promise<SignOutView> {
    return { ...this.view(request), id, account: session && (await this.people.view(session)), frames: [] };
  }

  async done(request: SignOutRequest, answers: InteractionAnswers, id?: string): Promise<SignOutView> {
    return { ...this.view(request), id, frames: await this.frames(answers) };
  }

  /** The addresses of the clients that took part in what ended. */
  async frames({ signedOut }: InteractionAnswers): Promise<readonly string[]> {
    return signedOut ? this.frontChannel.frames(signedOut.sessionId, signedOut.clients) : [];
  }

  private view({ client, uiLocales, returnUrl }: SignOutRequest): Omit<SignOutView, 'frames'> {
    return { client: client && this.clients.of(client), uiLocales, returnUrl };
  }
}
