import { Inject, Injectable } from '@nestjs/common';
import { ENVIRONMENT, type Environment } from '../environment.js';
import type { WebReply } from '../http/exchange.js';
import { apiFault } from '../orders/api-fault.js';
import { PersonsOrders } from '../orders/persons-orders.js';
import { Pages } from '../pages/pages.js';
import { InMemorySessionStore } from '../sessions/in-memory-session.store.js';
import { SessionEnded } from '../sessions/session-ended.js';
import { homeModel } from './home-model.js';

/** What the page shows beside the usual. */
interface Shown {
  /** Why a form was not taken. */
  readonly problem?: string | undefined;
  /** The order that the person wanted to cancel before signing in again. */
  readonly cancel?: string | undefined;
}

/** The page of somebody who is signed in. */
@Injectable()
export class HomePage {
  constructor(
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    private readonly orders: PersonsOrders,
    private readonly sessions: InMemorySessionStore,
    private readonly pages: Pages,
  ) {}

  async send(reply: WebReply, sessionId: string, shown: Shown = {}): Promise<void> {
    const orders = await this.orders.list(sessionId).then(
      (list) => ({ list }),
      (error: unknown) => ({ list: [], problem: apiFault(error) }),
    );
    // Read now: its tokens may have been refreshed for the call.
    const session = this.sessions.read(sessionId);
    if (!session) throw new SessionEnded();
    await this.pages.send(
      reply,
      'home',
      homeModel(session, orders, this.environment, shown),
      shown.problem ? 400 : 200,
    );
  }
}
