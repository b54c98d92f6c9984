import { Command } from '@commander-js/extra-typings';
import { environmentOptions, withOptions } from '../environment-options.js';
import { exitCodes } from '../exit-codes.js';
import { caOption } from '../http/trusting-fetch.js';
import { printable } from '../output/printable.js';
import { table } from '../output/table.js';
import type { Terminal } from '../terminal.js';
import type { Finding } from './finding.js';

/** `sts doctor` */
export function doctorCommand(terminal: Terminal) {
  return new Command('doctor')
    .description('find out whether a server is in order and can be reached as its clients reach it; nothing is changed')
    .addOption(environmentOptions.config())
    .option('--issuer <url>', 'a server elsewhere; with --config, also whether the configuration is of this one')
    .addOption(environmentOptions.data())
    .addOption(caOption())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
With the variables that the server is started with, it also sees what the server would see.
Exit codes: 0 fine, perhaps with warnings; 1 problems; 3 no problem found, but not everything could be checked.

Examples:
  $ sts doctor
  $ sts doctor --issuer https://id.example.com --json`,
    )
    .action(async ({ config, data, issuer, ca, json }) => {
      const { diagnose } = await import('./diagnose.js');
      const variables = withOptions(terminal.variables, { ...(config && { config }), ...(data && { data }) });
      const found = await diagnose(variables, { issuer, ca });
      terminal.exitCode = exitCodeOf(found);
      if (json) terminal.printJson(found);
      else terminal.print(table(found.map((finding) => row(finding, terminal))));
    });
}

function exitCodeOf(found: readonly Finding[]): number {
  if (found.some(({ status }) => status === 'problem')) return exitCodes.failed;
  return found.some(({ status }) => status === 'unchecked') ? exitCodes.unchecked : exitCodes.fine;
}

function row({ check, status, message, remedy }: Finding, { colors }: Terminal): string[] {
  const paint = { fine: colors.green, warning: colors.yellow, problem: colors.red, unchecked: colors.yellow }[status];
  const says = printable(message);
  return [paint(status), check, remedy === undefined ? says : `${says}\n-> ${remedy}`];
}
