import { Command } from '@commander-js/extra-typings';
import { CliFault } from '../cli-fault.js';
import { environmentOptions } from '../environment-options.js';
import { exitCodes } from '../exit-codes.js';
import { withConfiguration } from '../opened-configuration.js';
import type { Terminal } from '../terminal.js';
import { declaredConfiguration } from './declared-configuration.js';

/** `sts config apply` */
export function applyCommand(terminal: Terminal) {
  return new Command('apply')
    .description('bring what the file declares into the database: all of it or nothing')
    .argument('[file]', 'the configuration file (STS_CONFIG; default: sts.yaml)')
    .addOption(environmentOptions.config())
    .addOption(environmentOptions.data())
    .option('--prune', 'remove what the file declared earlier and declares no more (STS_CONFIG_PRUNE)')
    .option('--dry-run', 'change nothing, and show what would be changed')
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
What was done is printed as by sts config diff. It counts on all running servers within two seconds.

Examples:
  $ sts config apply
  $ sts config apply /etc/sts.yaml --prune --dry-run`,
    )
    .action(async (file, { json, dryRun, ...options }) => {
      const { variables, declared, rules } = await declaredConfiguration(terminal, file, options);
      const [{ ConfigurationConflictError }, { planDocument, printPlan }] = await Promise.all([
        import('@tessera/typeorm-store'),
        import('./plan-report.js'),
      ]);
      const plan = await withConfiguration(variables, ({ planner }) =>
        dryRun ? planner.plan(declared, rules) : planner.apply(declared, rules),
      ).catch((error: Error) => {
        if (!(error instanceof ConfigurationConflictError)) throw error;
        if (json) terminal.printJson({ applied: false, conflicts: error.conflicts });
        throw new CliFault(error.message, undefined, { cause: error });
      });
      if (plan.conflicts.length > 0) terminal.exitCode = exitCodes.failed;
      if (json) return terminal.printJson({ applied: !dryRun, ...planDocument(plan) });
      printPlan(plan, terminal);
    });
}
