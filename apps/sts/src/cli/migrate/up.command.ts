import { Command } from '@commander-js/extra-typings';
import { environmentOptions, withOptions } from '../environment-options.js';
import type { Terminal } from '../terminal.js';

/** `sts migrate up` */
export function upCommand(terminal: Terminal) {
  return new Command('up')
    .description('bring the schema of the database up to date; of several at once one does, and the others wait')
    .addOption(environmentOptions.data())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
Examples:
  $ sts migrate up
  $ STS_DATABASE_URL=postgres://sts@db.internal/sts sts migrate up`,
    )
    .action(async ({ json, ...options }) => {
      const [{ databaseOf, reached }, { applySchemaChanges }] = await Promise.all([
        import('./database-of.js'),
        import('@tessera/typeorm-store'),
      ]);
      const url = databaseOf(withOptions(terminal.variables, options));
      const applied = await reached(() => applySchemaChanges(url));
      if (json) return terminal.printJson({ applied });
      if (applied.length === 0) return terminal.print('The schema is up to date.');
      terminal.print(applied.map((name) => `applied ${name}`).join('\n'));
    });
}
