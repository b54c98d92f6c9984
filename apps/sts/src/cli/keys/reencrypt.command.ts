import { Command } from '@commander-js/extra-typings';
import { CliFault } from '../cli-fault.js';
import { environmentOptions, withOptions } from '../environment-options.js';
import { exitCodes } from '../exit-codes.js';
import { withStores } from '../opened-stores.js';
import { table } from '../output/table.js';
import type { Terminal } from '../terminal.js';

/** `sts keys reencrypt` */
export function reencryptCommand(terminal: Terminal) {
  return new Command('reencrypt')
    .description('encrypt with the first of STS_ENCRYPTION_KEYS what the database holds encrypted with the others')
    .option('--dry-run', 'only count')
    .addOption(environmentOptions.data())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
Servers may run meanwhile. Start them with the same STS_ENCRYPTION_KEYS first: otherwise they go on to encrypt with the old key.

Examples:
  $ sts keys reencrypt --dry-run
  $ STS_ENCRYPTION_KEYS=<new>,<old> sts keys reencrypt`,
    )
    .action(async ({ json, dryRun, ...options }) => {
      const variables = withOptions(terminal.variables, options);
      const { EncryptionError, Reencryption } = await import('@tessera/typeorm-store');
      const { keyId, counts } = await withStores(variables, async (stores) => {
        const reencryption = stores.get(Reencryption);
        const counting = dryRun ? reencryption.survey() : reencryption.run();
        return { keyId: reencryption.keyId, counts: await counting };
      }).catch((error: Error) => {
        if (!(error instanceof EncryptionError)) throw error;
        throw new CliFault(error.message, undefined, { cause: error });
      });
      const old = counts.reduce((sum, count) => sum + count.old, 0);
      if (!dryRun && old > 0) terminal.exitCode = exitCodes.failed;
      if (json) return terminal.printJson({ key: keyId, columns: counts });
      const head = ['TABLE', 'COLUMN', 'VALUES', ...(dryRun ? [] : ['REENCRYPTED']), 'WITH AN OLDER KEY'];
      const rows = counts.map((one) => [
        one.table,
        one.column,
        ...[one.values, ...('reencrypted' in one ? [one.reencrypted] : []), one.old].map(String),
      ]);
      terminal.print(table(rows, head));
      terminal.note(conclusion(keyId, old, dryRun));
    });
}

function conclusion(keyId: string, old: number, dryRun: true | undefined): string {
  if (old === 0) return `Everything is encrypted with the first key (${keyId}): no other is needed any more.`;
  if (dryRun) return `Nothing was changed. Without --dry-run these are encrypted with the first key (${keyId}).`;
  return 'A server that runs with another first key wrote these meanwhile: start it with the same STS_ENCRYPTION_KEYS, and do this again.';
}
