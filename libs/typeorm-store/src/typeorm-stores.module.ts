// The stores in a database: what is imported into TokenServerModule as `stores` takes the place of those in memory. The connection is opened, and its
// schema brought up to date, before anything else starts; it is closed when the application ends.
import {
  type DynamicModule,
  Inject,
  Injectable,
  Logger,
  Module,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  configurationExports,
  configurationProviders,
  type DeclaredConfiguration,
} from './configuration/configuration.providers.js';
import { createDataSource } from './connection/create-data-source.js';
import { readDatabaseUrl } from './connection/database-url.js';
import { openConnection } from './connection/open-connection.js';
import { Database } from './database/database.js';
import { DatabaseClock } from './database/database-clock.js';
import { DatabaseProbe } from './database/database-probe.js';
import { PostgresDatabase } from './database/postgres.database.js';
import { SqliteDatabase } from './database/sqlite.database.js';
import { Encryption } from './encryption/encryption.js';
import { Reencryption } from './encryption/reencryption.js';
import { stores } from './stores/stores.js';

/** Where the stores are, and how they are opened. */
export interface TypeOrmStoresOptions {
  /** `memory:` (SQLite, gone with the process), `sqlite:<path>` or `postgres://…`. */
  readonly url: string;
  /** Keys of 32 bytes, base64: the first encrypts signing keys, all of them open. */
  readonly encryptionKeys: readonly string[];
  /** Whether the schema is brought up to date at start. Default: true. */
  readonly migrate?: boolean;
  /** The most connections of this process to PostgreSQL. Default: 10. */
  readonly poolSize?: number;
  /** Seconds in which the database has to answer at start. Default: 30. */
  readonly patience?: number;
  /**
   * Keeps clients, resources and people in the database, too: what is declared here is applied at start, and a change that is made through one server
   * counts on all within two seconds. None: they come from the options of TokenServerModule.
   */
  readonly configuration?: DeclaredConfiguration;
}

/** Closes the connection last: what is under way when the server stops still needs it. */
@Injectable()
class Connection implements OnApplicationShutdown {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

@Module({})
export class TypeOrmStores {
  /** @throws DatabaseUrlError, EncryptionError, SchemaBehindError, SchemaRefusedError at start */
  static forRoot(options: TypeOrmStoresOptions): DynamicModule {
    const { url, encryptionKeys, migrate = true, poolSize = 10, patience = 30, configuration } = options;
    const location = readDatabaseUrl(url);
    const infrastructure: Provider[] = [
      { provide: Encryption, useValue: new Encryption(encryptionKeys) },
      {
        provide: DataSource,
        useFactory: () =>
          openConnection(createDataSource(location, { poolSize }), { migrate, patience }, new Logger('Database')),
      },
      {
        provide: Database,
        inject: [DataSource],
        useFactory: (dataSource: DataSource) =>
          location.kind === 'postgres' ? new PostgresDatabase(dataSource) : new SqliteDatabase(dataSource),
      },
      Connection,
      DatabaseClock,
      DatabaseProbe,
      Reencryption,
    ];
    return {
      module: TypeOrmStores,
      providers: [...infrastructure, ...stores, ...(configuration ? configurationProviders(configuration) : [])],
      exports: [
        ...stores.map(({ provide }) => provide),
        DatabaseClock,
        DatabaseProbe,
        Reencryption,
        ...(configuration ? configurationExports : []),
      ],
    };
  }
}
