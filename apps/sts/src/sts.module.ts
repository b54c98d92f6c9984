// The deployable server: the engine, people with passwords, the pages they see, and what an operator needs around them.
import { join } from 'node:path';
import { type DynamicModule, Module } from '@nestjs/common';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import {
  FileSigningKeyStore,
  SigningKeyStore,
  type TokenServerExtensions,
  TokenServerModule,
} from '@tessera/token-server';
import { TypeOrmStores } from '@tessera/typeorm-store';
import type { Environment } from './configuration/environment.js';
import type { Settings } from './configuration/settings.js';
import { encryptionKeysOf } from './database/encryption-keys.js';
import { HealthController } from './health/health.controller.js';

/** In a database, or in memory with the signing keys in a file. */
function keptIn(environment: Environment): Pick<TokenServerExtensions, 'stores' | 'providers'> {
  const { url, migrate } = environment.database;
  if (url !== 'memory:') {
    return { stores: TypeOrmStores.forRoot({ url, migrate, encryptionKeys: encryptionKeysOf(environment) }) };
  }
  const signingKeys = new FileSigningKeyStore(join(environment.data, 'signing-keys.json'));
  return { providers: [{ provide: SigningKeyStore, useValue: signingKeys }] };
}

@Module({})
export class StsModule {
  static forRoot({ options, environment, pages }: Settings): DynamicModule {
    return {
      module: StsModule,
      imports: [
        TokenServerModule.forRoot({
          ...options,
          imports: [AccountsModule, PagesModule.forRoot(pages)],
          ...keptIn(environment),
        }),
      ],
      controllers: [HealthController],
    };
  }
}
