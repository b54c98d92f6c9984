// The deployable server: the engine, people with passwords, the pages they see, and what an operator needs around them.
import { join } from 'node:path';
import { type DynamicModule, Module } from '@nestjs/common';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { FileSigningKeyStore, SigningKeyStore, TokenServerModule } from '@tessera/token-server';
import type { Settings } from './configuration/settings.js';
import { HealthController } from './health/health.controller.js';

@Module({})
export class StsModule {
  static forRoot({ options, environment, pages }: Settings): DynamicModule {
    const signingKeys = new FileSigningKeyStore(join(environment.data, 'signing-keys.json'));
    return {
      module: StsModule,
      imports: [
        TokenServerModule.forRoot({
          ...options,
          imports: [AccountsModule, PagesModule.forRoot(pages)],
          providers: [{ provide: SigningKeyStore, useValue: signingKeys }],
        }),
      ],
      controllers: [HealthController],
    };
  }
}
