import type { Configuration } from '@tessera/resource-model';
import type { Database } from '../database/database.js';
import type { ClientKind } from './client-kind.js';
import type { ConfigurationChanges } from './configuration-changes.js';
import type { ConfigurationPlan, KindPlan, PlanRules } from './configuration-plan.js';
import type { ConfiguredKind } from './configured-kind.js';
import {
  apiResourceKind,
  apiScopeKind,
  authorizationDetailTypeKind,
  identityResourceKind,
} from './configured-kinds.js';
import { planKind, rowsOfFile } from './plan-kind.js';
import { planUsers } from './plan-users.js';
import { verifyingOnce } from './verifying-once.js';

/** Where the configuration is kept, and how it is written there. */
export interface ConfigurationPlace {
  readonly database: Database;
  readonly changes: ConfigurationChanges;
  readonly clientKind: ClientKind;
}

/** How often somebody else may change the configuration while it is read. */
const attempts = 100;

/** What the file declares against what is there, all of it at one version; nothing is changed. */
export async function planConfiguration(
  place: ConfigurationPlace,
  declared: Configuration,
  rules: PlanRules = {},
): Promise<ConfigurationPlan> {
  const { changes } = place;
  const patient = verifyingOnce(rules);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const version = await changes.version();
    const plan = await compare(place, declared, patient);
    // What changed in between was read in part, if at all: such a plan may see conflicts where there are none.
    if ((await changes.version()) === version) return { version, ...plan };
  }
  throw new Error(`The configuration was changed by others ${attempts} times while it was compared with the file.`);
}

async function compare(
  { database, clientKind }: ConfigurationPlace,
  declared: Configuration,
  rules: PlanRules,
): Promise<KindPlan> {
  const plan = async <T extends object>(kind: ConfiguredKind<T>, items: readonly T[]): Promise<KindPlan> => {
    const rows = items.map((item) => kind.row(item));
    return planKind(database, kind, await rowsOfFile(database, kind), rows, rules);
  };
  const plans = [
    await plan(identityResourceKind, declared.identityResources),
    await plan(apiScopeKind, declared.apiScopes),
    await plan(apiResourceKind, declared.apiResources),
    await plan(authorizationDetailTypeKind, declared.authorizationDetailTypes),
    await plan(clientKind, declared.clients),
    await planUsers(database, declared.users, rules),
  ];
  return {
    changes: plans.flatMap((one) => one.changes),
    steps: plans.flatMap((one) => one.steps),
    conflicts: plans.flatMap((one) => one.conflicts),
    leftOver: plans.flatMap((one) => one.leftOver),
    unchanged: plans.reduce((sum, { unchanged }) => sum + unchanged, 0),
  };
}
