import { ApiScope, Client, type ClientInit, Clock, type Configuration, User } from '@tessera/resource-model';
import type { Database } from '../database/database.js';
import { applyConfiguration } from './apply-configuration.js';
import { ConfigurationChanges } from './configuration-changes.js';
import type { ConfigurationPlan, PlanRules } from './configuration-plan.js';
import { planConfiguration } from './plan-configuration.js';
import { TypeOrmClientStore } from './typeorm-client.store.js';
import { TypeOrmResourceStore } from './typeorm-resource.store.js';
import { TypeOrmUserStore } from './typeorm-user.store.js';

export class FakeClock extends Clock {
  constructor(public time = 1_900_000_000) {
    super();
  }

  now(): number {
    return this.time;
  }
}

/** What one server has of the configuration. */
export interface Node {
  readonly changes: ConfigurationChanges;
  readonly clients: TypeOrmClientStore;
  readonly resources: TypeOrmResourceStore;
  readonly users: TypeOrmUserStore;
  plan(declared: Partial<Configuration>, rules?: PlanRules): Promise<ConfigurationPlan>;
  apply(declared: Partial<Configuration>, rules?: PlanRules): Promise<ConfigurationPlan>;
}

const nothing: Configuration = { clients: [], apiResources: [], apiScopes: [], identityResources: [], users: [] };

export function createNode(database: Database, clock: Clock = new FakeClock()): Node {
  const changes = new ConfigurationChanges(database, clock);
  return {
    changes,
    clients: new TypeOrmClientStore(database, changes),
    resources: new TypeOrmResourceStore(database, changes),
    users: new TypeOrmUserStore(database, changes),
    plan: (declared, rules) => planConfiguration(database, changes, { ...nothing, ...declared }, rules),
    apply: (declared, rules) => applyConfiguration(database, changes, { ...nothing, ...declared }, rules),
  };
}

export function client(clientId: string, difference: Partial<ClientInit> = {}): Client {
  return new Client({ clientId, allowedGrantTypes: ['client_credentials'], ...difference });
}

export function user(subject: string, difference: Partial<User> = {}): User {
  return new User({ subject, username: `name of ${subject}`, ...difference });
}

export function scope(name: string, difference: Partial<ApiScope> = {}): ApiScope {
  return new ApiScope(name, undefined, difference);
}
