import { Command } from '@commander-js/extra-typings';
import { environmentOptions } from '../environment-options.js';
import { exitCodes } from '../exit-codes.js';
import { withConfiguration } from '../opened-configuration.js';
import type { Terminal } from '../terminal.js';
import { declaredConfiguration } from './declared-configuration.js';

/** `sts config diff` */
export function diffCommand(terminal: Terminal) {
  return new Command('diff')
    .description('show what sts config apply would change in the database, and change nothing')
    .argument('[file]', 'the configuration file (STS_CONFIG; default: sts.yaml)')
    .addOption(environmentOptions.config())
    .addOption(environmentOptions.data())
    .option('--prune', 'show what apply --prune would do (STS_CONFIG_PRUNE)')
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
+ is made, ~ changed, - removed; ? stays, though the file does not declare it any more; ! is in the way, as the file did not make it.
Exit codes: 0 nothing to do, 4 apply would change something, 1 apply would fail, or this did.

Examples:
  $ sts config diff
  $ sts config diff /etc/sts.yaml --prune --json`,
    )
    .action(async (file, { json, ...options }) => {
      const { variables, declared, rules } = await declaredConfiguration(terminal, file, options);
      const [{ planDocument, printPlan }, plan] = await Promise.all([
        import('./plan-report.js'),
        withConfiguration(variables, ({ planner }) => planner.plan(declared, rules)),
      ]);
      if (plan.changes.length > 0) terminal.exitCode = exitCodes.differs;
      if (plan.conflicts.length > 0) terminal.exitCode = exitCodes.failed;
      if (json) return terminal.printJson(planDocument(plan));
      printPlan(plan, terminal);
    });
}
