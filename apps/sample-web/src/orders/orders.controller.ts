import { Controller, Post, Req, Res, UseGuards } from '@nestjs/common';
import { HomePage } from '../home/home-page.js';
import type { WebReply, WebRequest } from '../http/exchange.js';
import { parameter } from '../http/parameter.js';
import { FormGuard, SignedIn } from '../sessions/form.guard.js';
import type { Session } from '../sessions/session.js';
import { apiFault } from './api-fault.js';
import { PersonsOrders } from './persons-orders.js';
import { readNewOrder } from './read-new-order.js';
import { SignInNeeded } from './sample-api.js';

/** Passes orders on to the API, in the name of whoever is signed in. */
@Controller('orders')
@UseGuards(FormGuard)
export class OrdersController {
  constructor(
    private readonly orders: PersonsOrders,
    private readonly homePage: HomePage,
  ) {}

  @Post()
  async add(@SignedIn() session: Session, @Req() request: WebRequest, @Res() reply: WebReply): Promise<void> {
    const order = readNewOrder(request.body);
    const problem = order
      ? await this.orders.add(session.id, order).catch(apiFault)
      : 'An order has a product of at most 200 characters and a quantity from 1 to 1000.';
    if (problem) await this.homePage.send(reply, session.id, { problem });
    else reply.redirect('/', 303);
  }

  @Post('cancel')
  async cancel(@SignedIn() session: Session, @Req() request: WebRequest, @Res() reply: WebReply): Promise<void> {
    const id = parameter(request.body, 'id') ?? '';
    try {
      await this.orders.cancel(session.id, id);
    } catch (error) {
      if (error instanceof SignInNeeded) return void reply.redirect(signInFor(error, id), 303);
      return this.homePage.send(reply, session.id, { problem: apiFault(error) });
    }
    reply.redirect('/', 303);
  }
}

/** The way back leads to a question, and not to the deed: an address by itself must not cancel anything. */
function signInFor({ maxAge }: SignInNeeded, id: string): string {
  const target = `/?${new URLSearchParams({ cancel: id }).toString()}`;
  return `/login?${new URLSearchParams({ max_age: String(maxAge), target_link_uri: target }).toString()}`;
}
