import { Injectable } from '@nestjs/common';
import { FreshTokens } from '../sessions/fresh-tokens.js';
import type { NewOrder, Order } from './order.js';
import { ApiRefusal, SampleApi } from './sample-api.js';

/** The orders at the API, in the name of the person of a session. */
@Injectable()
export class PersonsOrders {
  constructor(
    private readonly api: SampleApi,
    private readonly tokens: FreshTokens,
  ) {}

  list(sessionId: string): Promise<Order[]> {
    return this.withToken(sessionId, (token) => this.api.orders(token));
  }

  add(sessionId: string, order: NewOrder): Promise<void> {
    return this.withToken(sessionId, (token) => this.api.addOrder(token, order));
  }

  /** Rejects with SignInNeeded where the API wants to see a more recent sign-in. */
  cancel(sessionId: string, id: string): Promise<void> {
    return this.withToken(sessionId, (token) => this.api.cancelOrder(token, id));
  }

  /** A token that the API refuses before its time (it was revoked, the keys have changed) is replaced once. */
  private async withToken<T>(sessionId: string, call: (accessToken: string) => Promise<T>): Promise<T> {
    const { accessToken } = await this.tokens.current(sessionId);
    try {
      return await call(accessToken);
    } catch (error) {
      const isRefused = error instanceof ApiRefusal && error.status === 401;
      const another = isRefused ? await this.tokens.after(accessToken, sessionId) : undefined;
      if (!another) throw error;
      return call(another.accessToken);
    }
  }
}
