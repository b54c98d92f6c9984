import { ApiScope, Client, type ClientInit, Clock, type Configuration, User } from '@tessera/resource-model';
import type { Database } from '../database/database.js';
import { Encryption } from '../encryption/encryption.js';
import { applyConfiguration } from './apply-configuration.js';
import { ClientKind } from './client-kind.js';
import { ConfigurationChanges } from './configuration-changes.js';
import { ConfigurationEditor } from './configuration-editor.js';
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
  readonly editor: ConfigurationEditor;
  plan(declared: Partial<Configuration>, rules?: PlanRules): Promise<ConfigurationPlan>;
  apply(declared: Partial<Configuration>, rules?: PlanRules): Promise<ConfigurationPlan>;
}

/** The same for all servers. */
export const encryption = new Encryption([Buffer.alloc(32, 7).toString('base64')]);

const nothing: Configuration = {
  clients: [],
  apiResources: [],
  apiScopes: [],
  identityResources: [],
  authorizationDetailTypes: [],
  users: [],
};

export function createNode(database: Database, clock: Clock = new FakeClock()): Node {
  const changes = new ConfigurationChanges(database, clock);
  const clientKind = new ClientKind(encryption);
  const place = { database, changes, clientKind };
  return {
    changes,
    clients: new TypeOrmClientStore(database, changes, clientKind),
    resources: new TypeOrmResourceStore(database, changes),
    users: new TypeOrmUserStore(database, changes),
    editor: new ConfigurationEditor(database, changes, clientKind),
    plan: (declared, rules) => planConfiguration(place, { ...nothing, ...declared }, rules),
    apply: (declared, rules) => applyConfiguration(place, { ...nothing, ...declared }, rules),
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
