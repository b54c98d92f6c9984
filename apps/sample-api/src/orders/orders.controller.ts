import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, NotFoundException, Param, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { RequireMaxAge, RequireRoles, RequireScopes, Subject } from '@tessera/jwt-guard';
import { InMemoryOrderStore } from './in-memory-order.store.js';
import { NewOrder } from './new-order.js';
import { Order } from './order.js';

/** The scope api1 stands for all of this API. */
const toRead = { any: ['orders.read', 'api1'] };
const toWrite = { any: ['orders.write', 'api1'] };

/** Orders. Callers see their own: a scope says what a client may do, and never whose things it may touch. */
@Controller('orders')
@RequireScopes(toRead)
export class OrdersController {
  constructor(private readonly orders: InMemoryOrderStore) {}

  @Get()
  @ApiOkResponse({ type: [Order] })
  list(@Subject() subject: string): Order[] {
    return this.orders.list().filter(({ createdBy }) => createdBy === subject);
  }

  /** Everybody's. The scope of the class is needed as well. */
  @Get('all')
  @RequireRoles('admin')
  @ApiOkResponse({ type: [Order] })
  listAll(): Order[] {
    return this.orders.list();
  }

  @Get(':id')
  @ApiOkResponse({ type: Order })
  read(@Param('id') id: string, @Subject() subject: string): Order {
    const order = this.orders.find(id);
    if (order?.createdBy !== subject) throw new NotFoundException('There is no such order.');
    return order;
  }

  @Post()
  @RequireScopes(toWrite)
  @ApiCreatedResponse({ type: Order })
  create(
    @Body() { product, quantity }: NewOrder,
    @Subject() subject: string,
    @Res({ passthrough: true }) response: { header(name: string, value: string): unknown },
  ): Order {
    const order = { id: randomUUID(), product, quantity, createdBy: subject, createdAt: new Date().toISOString() };
    this.orders.add(order);
    response.header('Location', `/orders/${order.id}`);
    return order;
  }

  /** For people who have signed in within the last five minutes; others are asked to do it again. */
  @Delete(':id')
  @HttpCode(204)
  @RequireScopes(toWrite)
  @RequireMaxAge(300)
  cancel(@Param('id') id: string, @Subject() subject: string): void {
    this.orders.remove(this.read(id, subject).id);
  }
}
