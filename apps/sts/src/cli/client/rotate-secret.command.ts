import { Command } from '@commander-js/extra-typings';
import type { Client } from '@tessera/resource-model';
import { CliFault } from '../cli-fault.js';
import { readDuration } from '../duration.js';
import { environmentOptions, withOptions } from '../environment-options.js';
import { exitCodes } from '../exit-codes.js';
import { withConfiguration } from '../opened-configuration.js';
import { date } from '../output/time.js';
import type { Terminal } from '../terminal.js';

/** `sts client rotate-secret` */
export function rotateSecretCommand(terminal: Terminal) {
  return new Command('rotate-secret')
    .description('give a client a new secret, which is printed once; the old ones end')
    .argument('<id>', 'the client, as sts client list shows it')
    .option(
      '--keep-old <duration>',
      'how long the old secrets still work, e.g. 24h or 3600 seconds (default: no longer)',
    )
    .option('--expires <when>', 'when the new one ends, e.g. 90d from now, or 2027-01-31 (default: never)')
    .addOption(environmentOptions.data())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
Only the hash of the secret is kept. All running servers follow within two seconds.

Examples:
  $ sts client rotate-secret my-service --keep-old 24h
  $ sts client rotate-secret my-service --expires 90d --json`,
    )
    .action(async (id, { keepOld = '0', expires, json, ...options }) => {
      const { rotated } = await import('./rotated-secret.js');
      const now = Math.floor(Date.now() / 1000);
      const keep = readDuration(keepOld);
      if (keep === undefined) throw wrong('--keep-old', 'a span of time such as 24h, 30m or 3600 (seconds)', keepOld);
      const expiration = expires === undefined ? undefined : await readEnd(expires, now);
      const { secret, change } = rotated({ now, oldUntil: now + keep, expiration });
      const variables = withOptions(terminal.variables, options);
      const client = await withConfiguration(variables, ({ editor }) => editor.clients.change(id, change)).catch(
        (error: Error) => {
          if (!(error.cause as { readonly isOfFile?: boolean } | undefined)?.isOfFile) throw error;
          const remedy = 'Its clientSecrets may hold the new one beside the old, until nobody uses that any more.';
          throw new CliFault(`${error.message} ${remedy}`, undefined, { cause: error });
        },
      );
      report(terminal, client, { secret, expiration, json });
    });
}

function report(
  terminal: Terminal,
  { clientId, clientSecrets }: Client,
  { secret, expiration, json }: { secret: string; expiration?: number; json?: true },
): void {
  // The new one is the last.
  const ends = clientSecrets.slice(0, -1).map((old) => date(old.expiration!));
  if (json) {
    const end = expiration === undefined ? {} : { expiration: date(expiration) };
    return terminal.printJson({ clientId, clientSecret: secret, ...end, earlierSecretsEnd: ends });
  }
  terminal.print(`The new secret of client ${JSON.stringify(clientId)}, which is shown only now: ${secret}`);
  if (expiration !== undefined) terminal.note(`It ends at ${date(expiration)}.`);
  terminal.note(
    ends.length === 0 ? 'No earlier one works any more.' : `Earlier ones still work, until ${ends.join(', ')}.`,
  );
}

async function readEnd(text: string, now: number): Promise<number> {
  const { parseDate } = await import('../../configuration/secret-entry.js');
  const duration = readDuration(text);
  const end = duration === undefined ? parseDate(text) : now + duration;
  if (end !== undefined && end > now) return end;
  throw wrong('--expires', 'in the future: a span of time such as 90d, or a date such as 2027-01-31', text);
}

function wrong(option: string, right: string, text: string): CliFault {
  return new CliFault(`${option} must be ${right}, but is '${text}'.`, exitCodes.usage);
}
