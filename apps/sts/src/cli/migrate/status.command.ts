import { Command } from '@commander-js/extra-typings';
import { environmentOptions, withOptions } from '../environment-options.js';
import { exitCodes } from '../exit-codes.js';
import { table } from '../output/table.js';
import type { Terminal } from '../terminal.js';

/** `sts migrate status` */
export function statusCommand(terminal: Terminal) {
  return new Command('status')
    .description('list the changes of the schema, and whether the database has them; ends with 1 where one is missing')
    .addOption(environmentOptions.data())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
Examples:
  $ sts migrate status
  $ STS_DATABASE_URL_FILE=/run/secrets/database-url sts migrate status --json`,
    )
    .action(async ({ json, ...options }) => {
      const [{ databaseOf, reached }, { schemaChanges }] = await Promise.all([
        import('./database-of.js'),
        import('@tessera/typeorm-store'),
      ]);
      const url = databaseOf(withOptions(terminal.variables, options));
      const changes = await reached(() => schemaChanges(url));
      if (changes.some(({ isApplied }) => !isApplied)) terminal.exitCode = exitCodes.failed;
      if (json) return terminal.printJson(changes);
      terminal.print(
        table(
          changes.map(({ name, isApplied }) => [name, isApplied ? 'applied' : 'missing']),
          ['CHANGE', 'STATE'],
        ),
      );
    });
}
