import { Injectable } from '@nestjs/common';
import type { Configuration } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { applyConfiguration } from './apply-configuration.js';
import { ClientKind } from './client-kind.js';
import { ConfigurationChanges } from './configuration-changes.js';
import type { ConfigurationPlan, PlanRules } from './configuration-plan.js';
import { type ConfigurationPlace, planConfiguration } from './plan-configuration.js';

/** Brings what a configuration file declares into the database, or says what that would change. */
@Injectable()
export class ConfigurationPlanner {
  private readonly place: ConfigurationPlace;

  constructor(database: Database, changes: ConfigurationChanges, clientKind: ClientKind) {
    this.place = { database, changes, clientKind };
  }

  /** What the file declares against what is there; nothing is changed. */
  plan(declared: Configuration, rules?: PlanRules): Promise<ConfigurationPlan> {
    return planConfiguration(this.place, declared, rules);
  }

  /** All of it or nothing. @throws ConfigurationConflictError where something belongs to somebody else */
  apply(declared: Configuration, rules?: PlanRules): Promise<ConfigurationPlan> {
    return applyConfiguration(this.place, declared, rules);
  }
}
