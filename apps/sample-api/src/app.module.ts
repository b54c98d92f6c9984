import { Module, type DynamicModule } from '@nestjs/common';
import { JwtGuardModule } from '@tessera/jwt-guard';
import type { Environment } from './environment.js';
import { HealthController } from './health.controller.js';
import { InMemoryOrderStore } from './orders/in-memory-order.store.js';
import { OrdersController } from './orders/orders.controller.js';

/*
 * An API behind the guard, and nothing else: the one line that protects it is JwtGuardModule.forRoot().
 */
@Module({ controllers: [OrdersController, HealthController], providers: [InMemoryOrderStore] })
export class AppModule {
  static forRoot({ issuer, audience }: Pick<Environment, 'issuer' | 'audience'>): DynamicModule {
    return { module: AppModule, imports: [JwtGuardModule.forRoot({ issuer, audience })] };
  }
}
