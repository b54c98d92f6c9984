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

/** The API says that all is well, and what comes with it cannot be read. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
}

/** The sample API, called with an access token. Rejects with an ApiRefusal, an UnreadableAnswer or an Unreachable. */
@Injectable()
export class SampleApi {
  constructor(@Inject(ENVIRONMENT) private readonly environment: Environment) {}

  async orders(accessToken: string): Promise<Order[]> {
    const response = await this.call(accessToken, {});
    const body: unknown = await response.json().catch(() => undefined);
    if (!Array.isArray(body)) throw new UnreadableAnswer('The API answered with something that is no list.');
    return body.map(readOrder);
  }

  async addOrder(accessToken: string, order: NewOrder): Promise<void> {
    await this.call(accessToken, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
    });
  }

  private async call(accessToken: string, { headers, ...init }: RequestInit): Promise<Response> {
    const response = await outgoingFetch(`${this.environment.api}/orders`, {
      ...init,
      headers: { accept: 'application/json', authorization: `Bearer ${accessToken}`, ...headers },
    });
    if (!response.ok) throw new ApiRefusal(response.status);
    return response;
  }
}

function readOrder(value: unknown): Order {
  const { product, quantity, createdAt } = (value ?? {}) as Record<string, unknown>;
  return { product: String(product), quantity: Number(quantity), createdAt: String(createdAt) };
}
