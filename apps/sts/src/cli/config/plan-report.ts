import { type ConfigurationPlan, describePlan } from '@tessera/typeorm-store';
import { printable } from '../output/printable.js';
import type { Terminal } from '../terminal.js';

/** A plan for programs: names, never values, which may be secrets. */
export function planDocument({ changes, conflicts, leftOver, unchanged }: ConfigurationPlan): object {
  return {
    changes: changes.map(({ action, kind, key, properties }) => ({ action, kind, key, properties })),
    conflicts: conflicts.map(({ kind, key, problem }) => ({ kind, key, problem })),
    leftOver: leftOver.map(({ kind, key }) => ({ kind, key })),
    unchanged,
  };
}

/** A plan for people, one line for each thing. */
export function printPlan(plan: ConfigurationPlan, terminal: Terminal): void {
  const { green, yellow, red } = terminal.colors;
  const paints: Readonly<Record<string, (line: string) => string>> = { '+': green, '~': yellow, '?': yellow };
  for (const line of describePlan(plan)) terminal.print((paints[line[0]!] ?? red)(printable(line)));
  if (plan.changes.length === 0 && plan.conflicts.length === 0) terminal.print('Nothing to do.');
}
