import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, NotFoundException, Param, Post, Res } from '@nestjs/common';
import { AccessToken, RequireScopes, type AccessTokenClaims } from '@tessera/jwt-guard';
import { InMemoryOrderStore } from './in-memory-order.store.js';
import { NewOrder } from './new-order.js';
import type { Order } from './order.js';

/** Orders, for whoever holds a token with the scope of this API. */
@Controller('orders')
@RequireScopes('api1')
export class OrdersController {
  constructor(private readonly orders: InMemoryOrderStore) {}

  @Get()
  list(): Order[] {
    return this.orders.list();
  }

  @Get(':id')
  read(@Param('id') id: string): Order {
    const order = this.orders.find(id);
    if (!order) throw new NotFoundException('There is no such order.');
    return order;
  }

  @Post()
  create(
    @Body() { product, quantity }: NewOrder,
    @AccessToken() token: AccessTokenClaims,
    @Res({ passthrough: true }) response: { header(name: string, value: string): unknown },
  ): Order {
    const order = { id: randomUUID(), product, quantity, createdBy: token.sub, createdAt: new Date().toISOString() };
    this.orders.add(order);
    response.header('Location', `/orders/${order.id}`);
    return order;
  }
}
