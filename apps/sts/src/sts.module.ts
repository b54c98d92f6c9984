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
import { ConfigurationPlanner, TypeOrmStores } from '@tessera/typeorm-store';
import type { Settings } from './configuration/settings.js';
import { encryptionKeysOf } from './database/encryption-keys.js';
import { ConfigurationFileWatch } from './live-configuration/configuration-file-watch.js';
import { declaredBy } from './live-configuration/declared-by.js';
import { HealthController } from './health/health.controller.js';

/** In a database, or in memory with the signing keys in a file. */
function keptIn(settings: Settings): Pick<TokenServerExtensions, 'stores' | 'providers'> {
  const { environment } = settings;
  const { url, migrate } = environment.database;
  if (url !== 'memory:') {
    const encryptionKeys = encryptionKeysOf(environment);
    const configuration = environment.configApplication.apply === 'never' ? {} : declaredBy(settings);
    return {
      stores: TypeOrmStores.forRoot({ url, migrate, encryptionKeys, configuration }),
      providers: [
        {
          provide: ConfigurationFileWatch,
          inject: [ConfigurationPlanner],
          useFactory: (planner: ConfigurationPlanner) => new ConfigurationFileWatch(settings, planner),
        },
      ],
    };
  }
  const signingKeys = new FileSigningKeyStore(join(environment.data, 'signing-keys.json'));
  return { providers: [{ provide: SigningKeyStore, useValue: signingKeys }] };
}

@Module({})
export class StsModule {
  static forRoot(settings: Settings): DynamicModule {
    const { options, pages } = settings;
    return {
      module: StsModule,
      imports: [
        TokenServerModule.forRoot({
          ...options,
          imports: [AccountsModule, PagesModule.forRoot(pages)],
          ...keptIn(settings),
        }),
      ],
      controllers: [HealthController],
    };
  }
}
