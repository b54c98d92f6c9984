import { Inject, Injectable } from '@nestjs/common';
import { ENVIRONMENT, type Environment } from '../environment.js';
import { outgoingFetch } from '../http/outgoing-fetch.js';
import type { NewOrder, Order } from './order.js';

/** The API did not do what it was asked for. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';

  constructor(readonly status: number) {
    super(`The API answered with the status ${status}.`);
  }
}

/** The API asks for a more recent sign-in (RFC 9470). */
export class SignInNeeded extends Error {
  override readonly name = 'SignInNeeded';

  constructor(
    /** How long ago it may be at most, in seconds. */
    readonly maxAge: number,
  ) {
    super(`The API asks for a sign-in of the last ${maxAge} seconds.`);
  }
}

/** The API says that all is well, and what comes with it cannot be read. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
}

/** The sample API, called with an access token. Rejects with an ApiRefusal, a SignInNeeded, an UnreadableAnswer or an Unreachable. */
@Injectable()
export class SampleApi {
  constructor(@Inject(ENVIRONMENT) private readonly environment: Environment) {}

  async orders(accessToken: string): Promise<Order[]> {
    const response = await this.call(accessToken, '/orders', {});
    const body: unknown = await response.json().catch(() => undefined);
    if (!Array.isArray(body)) throw new UnreadableAnswer('The API answered with something that is no list.');
    return body.map(readOrder);
  }

  async addOrder(accessToken: string, order: NewOrder): Promise<void> {
    await this.call(accessToken, '/orders', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
    });
  }

  /** An order that is gone already is cancelled. */
  async cancelOrder(accessToken: string, id: string): Promise<void> {
    const called = this.call(accessToken, `/orders/${encodeURIComponent(id)}`, { method: 'DELETE' });
    await called.catch((error: unknown) => {
      if (!(error instanceof ApiRefusal && error.status === 404)) throw error;
    });
  }

  private async call(accessToken: string, path: string, { headers, ...init }: RequestInit): Promise<Response> {
    const response = await outgoingFetch(this.environment.api + path, {
      ...init,
      headers: { accept: 'application/json', authorization: `Bearer ${accessToken}`, ...headers },
    });
    if (!response.ok) throw refusalOf(response);
    return response;
  }
}

/** RFC 9470 §3: a challenge that a more recent sign-in answers. A new token would not do, it tells of the same one. */
function refusalOf({ status, headers }: Response): Error {
  const challenge = headers.get('www-authenticate') ?? '';
  const isAboutSignIn = status === 401 && /\berror="insufficient_user_authentication"/.test(challenge);
  const maxAge = isAboutSignIn ? /\bmax_age="?(\d{1,9})\b/.exec(challenge)?.[1] : undefined;
  return maxAge === undefined ? new ApiRefusal(status) : new SignInNeeded(Number(maxAge));
}

function readOrder(value: unknown): Order {
  const { id, product, quantity, createdAt } = (value ?? {}) as Record<string, unknown>;
  return { id: String(id), product: String(product), quantity: Number(quantity), createdAt: String(createdAt) };
}
