import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { environmentOptions, withOptions } from '../../environment-options.js';
import { exitCodes } from '../../exit-codes.js';
import { table } from '../../output/table.js';
import { withConfiguration } from '../../opened-configuration.js';
import { printable } from '../../output/printable.js';
import type { Terminal } from '../../terminal.js';
import { importFormats } from './import-format.js';
import type { ImportTally } from './import-tally.js';
import type { ExistingRule } from './judge-rows.js';

/** `sts user import` */
export function importCommand(terminal: Terminal) {
  return new Command('import')
    .description('bring people from elsewhere, with the hashes of their passwords: all of a file, or nothing')
    .argument('<file>', 'one person for each line (JSON lines, CSV), or a JSON list')
    .addOption(new Option('--format <format>', 'what the file is (default: as it ends)').choices(importFormats))
    .option('--dry-run', 'say what would happen, and change nothing')
    .option('--skip-existing', 'leave people as they are who are there already; so an import that broke off goes on')
    .addOption(
      new Option('--update', 'change people who are there already, but none of the configuration file').conflicts(
        'skipExisting',
      ),
    )
    .option('--skip-faulty', 'import the good rows where there are faulty ones')
    .addOption(
      new Option('--map <column=property>', 'what a column of the file is here; several times').argParser(addColumn),
    )
    .addOption(environmentOptions.data())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
Properties: subject (default: a random UUID), username, password_hash, enabled, claims (an object), claim.<name>. An empty property on the
right of --map leaves the column out. A row means whoever has its subject; without one, whoever has its user name.

Exit codes: 0 imported, 1 rows were faulty, 2 wrong usage.

Examples:
  $ sts user import people.jsonl --dry-run
  $ sts user import people.csv --skip-existing
  $ sts user import AspNetUsers.csv --map Id=subject --map Email=claim.email`,
    )
    .action(async (path, { json, format, map = new Map(), dryRun = false, skipFaulty, ...options }) => {
      const [{ importFile }, { checkPeople, importPeople }, { withProgress }] = await Promise.all([
        import('./read-rows.js'),
        import('./import-people.js'),
        import('./import-progress.js'),
      ]);
      const file = await importFile(path, format);
      const rules = { existing: ruleOf(options), map, place: file.place };
      const { tally, isImported } = await withConfiguration(
        withOptions(terminal.variables, options),
        async ({ editor: { users: people } }) => {
          const checked = await withProgress('checking ', file.size, terminal, (progress) =>
            checkPeople(file.rows(progress), people, rules),
          );
          const isRefused = checked.counts.faulty > 0 && !skipFaulty;
          if (isRefused) checked.refuse();
          if (dryRun || isRefused) return { tally: checked, isImported: false };
          const tally = await withProgress('importing', file.size, terminal, (progress) =>
            importPeople(file.rows(progress), people, rules),
          );
          return { tally, isImported: true };
        },
      );
      if (tally.counts.faulty > 0) terminal.exitCode = exitCodes.failed;
      if (json) return terminal.printJson({ file: path, isImported, ...documentOf(tally) });
      report(tally, file.place, terminal);
      if (dryRun) terminal.note('Nothing is changed: this is what would happen.');
      else if (!isImported) {
        terminal.note('Nothing is imported: correct these rows, or import the others by --skip-faulty.');
      }
    });
}

function addColumn(text: string, map: Map<string, string> = new Map()): Map<string, string> {
  const [, column, property] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  if (column !== undefined && /^(?:subject|username|password_hash|enabled|claims|claim\..+|)$/.test(property!)) {
    return map.set(column, property!);
  }
  throw new InvalidArgumentError(
    'It must be a column, = and one of subject, username, password_hash, enabled, claims, claim.<name>, or nothing.',
  );
}

function ruleOf({ skipExisting, update }: { skipExisting?: true; update?: true }): ExistingRule {
  if (skipExisting) return 'skip';
  return update ? 'update' : 'refuse';
}

/** Of a value that is wrong a program hears nothing: it stands in the file. */
function documentOf({ counts, passwords, faults, ignoredColumns }: ImportTally) {
  return {
    ...counts,
    passwords,
    ignoredColumns: [...ignoredColumns],
    faults: faults.map(({ line, path, problem }) => ({ line, path, problem })),
  };
}

function report(tally: ImportTally, place: (line: number) => string, terminal: Terminal): void {
  const { counts, passwords, ignoredColumns } = tally;
  tally.describeFaults(place).forEach((line) => terminal.note(printable(line)));
  if (ignoredColumns.size > 0) {
    terminal.note(`Columns that mean nothing here: ${[...ignoredColumns].map(printable).join(', ')}`);
  }
  const kinds = Object.entries(passwords).map(([kind, count]) => [`  ${kind}`, count] as const);
  const { rows, imported, ...others } = counts;
  const lines = [['rows', rows], ['imported', imported], ...kinds, ...Object.entries(others)] as const;
  terminal.print(table(lines.map(([name, count]) => [name, String(count)])));
}
