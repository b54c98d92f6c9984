import { Module, type DynamicModule } from '@nestjs/common';
import { JwtGuardModule } from '@tessera/jwt-guard';
import { guardOptions, type Trust } from './guard-options.js';
import { HealthController } from './health/health.controller.js';
import { InMemoryOrderStore } from './orders/in-memory-order.store.js';
import { OrdersController } from './orders/orders.controller.js';
import { TokenController } from './token/token.controller.js';

/*
 * An API behind the guard, and nothing else: the one line that protects it is JwtGuardModule.forRoot().
 */
@Module({ controllers: [OrdersController, TokenController, HealthController], providers: [InMemoryOrderStore] })
export class AppModule {
  static forRoot(trust: Trust): DynamicModule {
    return { module: AppModule, imports: [JwtGuardModule.forRoot(guardOptions(trust))] };
  }
}
