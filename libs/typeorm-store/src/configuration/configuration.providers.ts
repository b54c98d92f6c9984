// The configuration in the database: the stores, and how they follow what changes.
import { Logger, type Provider } from '@nestjs/common';
import { ClientStore, type Configuration, ResourceStore, SystemClock, UserStore } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { applyConfiguration } from './apply-configuration.js';
import { ClientKind } from './client-kind.js';
import { ConfigurationChanges } from './configuration-changes.js';
import { ConfigurationEditor } from './configuration-editor.js';
import { logPlan, type PlanRules } from './configuration-plan.js';
import { ConfigurationPlanner } from './configuration-planner.js';
import { ConfigurationWatch } from './configuration-watch.js';
import type { ConfigurationPlace } from './plan-configuration.js';
import { TypeOrmClientStore } from './typeorm-client.store.js';
import { TypeOrmResourceStore } from './typeorm-resource.store.js';
import { TypeOrmUserStore } from './typeorm-user.store.js';

/** What the configuration file declares, and how it is brought into the database. */
export interface DeclaredConfiguration extends PlanRules {
  /** Applied at start, before anybody reads the configuration; none: the database is taken as it is. */
  readonly declared?: Configuration;
}

export function configurationProviders(configuration: DeclaredConfiguration): Provider[] {
  return [
    ClientKind,
    {
      provide: ConfigurationChanges,
      inject: [Database, ClientKind],
      useFactory: async (database: Database, clientKind: ClientKind) => {
        const changes = new ConfigurationChanges(database, new SystemClock());
        await apply({ database, changes, clientKind }, configuration);
        return changes;
      },
    },
    {
      provide: ConfigurationWatch,
      inject: [ConfigurationChanges],
      useFactory: (changes: ConfigurationChanges) => new ConfigurationWatch(changes, new SystemClock()),
    },
    ConfigurationPlanner,
    ConfigurationEditor,
    { provide: ClientStore, useClass: TypeOrmClientStore },
    { provide: ResourceStore, useClass: TypeOrmResourceStore },
    { provide: UserStore, useClass: TypeOrmUserStore },
  ];
}

/** What others may inject of it. */
export const configurationExports = [ClientStore, ResourceStore, UserStore, ConfigurationPlanner, ConfigurationEditor];

async function apply(place: ConfigurationPlace, { declared, ...rules }: DeclaredConfiguration): Promise<void> {
  if (!declared) return;
  logPlan(await applyConfiguration(place, declared, rules), new Logger('Configuration'));
}
