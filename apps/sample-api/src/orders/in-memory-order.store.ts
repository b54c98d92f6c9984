import { Injectable } from '@nestjs/common';
import type { Order } from './order.js';

/** The last orders, in memory: when it is full, the oldest makes room. */
@Injectable()
export class InMemoryOrderStore {
  static readonly capacity = 1000;
  private readonly orders = new Map<string, Order>();

  add(order: Order): void {
    const [oldest] = this.orders.keys();
    if (oldest !== undefined && this.orders.size >= InMemoryOrderStore.capacity) this.orders.delete(oldest);
    this.orders.set(order.id, order);
  }

  find(id: string): Order | undefined {
    return this.orders.get(id);
  }

  /** Oldest first. */
  list(): Order[] {
    return [...this.orders.values()];
  }

  remove(id: string): void {
    this.orders.delete(id);
  }
}
