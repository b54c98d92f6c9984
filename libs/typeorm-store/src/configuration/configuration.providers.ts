// The configuration in the database: the stores, and how they follow what changes.
import { Logger, type Provider } from '@nestjs/common';
import { ClientStore, type Configuration, ResourceStore, SystemClock, UserStore } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { applyConfiguration } from './apply-configuration.js';
import { ConfigurationChanges } from './configuration-changes.js';
import { describePlan, type PlanRules } from './configuration-plan.js';
import { ConfigurationPlanner } from './configuration-planner.js';
import { ConfigurationWatch } from './configuration-watch.js';
import { TypeOrmClientStore } from './typeorm-client.store.js';
import { TypeOrmResourceStore } from './typeorm-resource.store.js';
import { TypeOrmUserStore } from './typeorm-user.store.js';

/** What the configuration file declares, and how it is brought into the database. */
export interface DeclaredConfiguration extends PlanRules {
  readonly configuration: Configuration;
}

/** @param declared is applied at start, before anybody reads the configuration; none: the database is taken as it is */
export function configurationProviders(declared?: DeclaredConfiguration): Provider[] {
  return [
    {
      provide: ConfigurationChanges,
      inject: [Database],
      useFactory: async (database: Database) => {
        const changes = new ConfigurationChanges(database, new SystemClock());
        if (declared) await apply(database, changes, declared);
        return changes;
      },
    },
    {
      provide: ConfigurationWatch,
      inject: [ConfigurationChanges],
      useFactory: (changes: ConfigurationChanges) => new ConfigurationWatch(changes, new SystemClock()),
    },
    ConfigurationPlanner,
    { provide: ClientStore, useClass: TypeOrmClientStore },
    { provide: ResourceStore, useClass: TypeOrmResourceStore },
    { provide: UserStore, useClass: TypeOrmUserStore },
  ];
}

/** What others may inject of it. */
export const configurationExports = [ClientStore, ResourceStore, UserStore, ConfigurationPlanner];

async function apply(
  database: Database,
  changes: ConfigurationChanges,
  { configuration, ...rules }: DeclaredConfiguration,
): Promise<void> {
  const logger = new Logger('Configuration');
  for (const line of describePlan(await applyConfiguration(database, changes, configuration, rules))) logger.log(line);
}
