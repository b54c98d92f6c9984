import type { LoggerService } from '@nestjs/common';
import type { Step } from '../database/database.js';
import type { ConfigurationChange } from './configuration-changes.js';

/** What becomes of one thing that the file declares, or has declared. */
export interface PlannedChange extends ConfigurationChange {
  readonly action: 'create' | 'update' | 'remove';
  /** The properties that an update changes. */
  readonly properties: readonly string[];
}

/** Something that the file declares and may not have. */
export interface ConfigurationConflict extends ConfigurationChange {
  readonly problem: string;
}

/** What stands between the file and the database. */
export interface ConfigurationPlan {
  /** The version of the configuration that the plan was made for. */
  readonly version: number;
  readonly changes: readonly PlannedChange[];
  /** The statements that carry them out, in this order, together. */
  readonly steps: readonly Step[];
  readonly conflicts: readonly ConfigurationConflict[];
  /** What the file declared once, declares no more, and is not to be removed. */
  readonly leftOver: readonly ConfigurationChange[];
  /** How many things are as the file declares them. */
  readonly unchanged: number;
}

/** What a plan says of one kind. */
export type KindPlan = Omit<ConfigurationPlan, 'version'>;

/** How the file and the database are compared. */
export interface PlanRules {
  /** Whether what the file declares no more is removed. Default: false. */
  readonly prune?: boolean;
  /**
   * Whether the password that the file writes plainly for a person is the one behind the hash that was made of it earlier: each start makes another
   * hash of it. None: the file has hashes alone, and another hash is another password.
   */
  readonly isSamePassword?: (subject: string, earlierHash: string) => Promise<boolean>;
}

const signs = { create: '+', update: '~', remove: '-' } as const;

/** The plan in lines for people: names, never values, which may be secrets. */
export function describePlan(plan: ConfigurationPlan): string[] {
  const conflicts = plan.conflicts.map((conflict) => `! ${describeConflict(conflict)}`);
  return [...conflicts, ...plan.changes.map(describeChange), ...plan.leftOver.map(describeLeftOver)];
}

/** What was carried out, and what is left over, which somebody may believe to be gone. */
export function logPlan({ changes, leftOver }: ConfigurationPlan, logger: LoggerService): void {
  for (const change of changes) logger.log(describeChange(change));
  for (const item of leftOver) logger.warn(describeLeftOver(item));
}

function describeChange(change: PlannedChange): string {
  const what = change.action === 'update' ? `: ${change.properties.join(', ')} changed` : '';
  return `${signs[change.action]} ${nameOf(change)}${what}`;
}

function describeLeftOver(item: ConfigurationChange): string {
  return `? ${nameOf(item)}: not in the file any more; it stays until it is pruned`;
}

function describeConflict(conflict: ConfigurationConflict): string {
  return `${nameOf(conflict)}: ${conflict.problem}`;
}

function nameOf({ kind, key }: ConfigurationChange): string {
  return `${kind.replace('_', ' ')} ${JSON.stringify(key)}`;
}

/** The file declares what is somebody else's: nothing has been changed. */
export class ConfigurationConflictError extends Error {
  override readonly name = 'ConfigurationConflictError';

  constructor(readonly conflicts: readonly ConfigurationConflict[]) {
    super(
      `The configuration file cannot be applied:\n${conflicts.map((one) => `  ${describeConflict(one)}`).join('\n')}`,
    );
  }
}
