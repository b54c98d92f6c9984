import type { Configuration } from '@tessera/resource-model';
import { ConfigurationConflictError, type ConfigurationPlan, type PlanRules } from './configuration-plan.js';
import { type ConfigurationPlace, planConfiguration } from './plan-configuration.js';
import { verifyingOnce } from './verifying-once.js';

/** How often somebody else may be faster. */
const attempts = 100;

/**
 * Brings the database to what the file declares: all of it or nothing. Of several servers that start at once one is first; the others compare again
 * and find nothing to do.
 * @returns the plan that was carried out
 * @throws ConfigurationConflictError where something belongs to somebody else
 */
export async function applyConfiguration(
  place: ConfigurationPlace,
  declared: Configuration,
  rules: PlanRules = {},
): Promise<ConfigurationPlan> {
  const patient = verifyingOnce(rules);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const plan = await planConfiguration(place, declared, patient);
    if (plan.conflicts.length > 0) throw new ConfigurationConflictError(plan.conflicts);
    if (plan.changes.length === 0 || (await place.changes.publish(plan.changes, plan.steps, plan.version))) return plan;
  }
  throw new Error(`The configuration was changed by others ${attempts} times before the file could be applied.`);
}
