import { Command } from '@commander-js/extra-typings';
import type { KeyRules, SigningKey } from '@tessera/resource-model';
import { CliFault } from '../cli-fault.js';
import { configuredSettings } from '../configured-settings.js';
import { environmentOptions, withOptions } from '../environment-options.js';
import type { Terminal } from '../terminal.js';
import type { OpenedKeys } from './opened-keys.js';

/** What a revocation has left. */
interface Revocation {
  readonly revoked: SigningKey;
  /** The key that signs in its place; none where another did already, or the algorithm is not in use. */
  readonly successor?: SigningKey;
  /** Keys of the same algorithm whose tokens are still accepted. */
  readonly retired: readonly SigningKey[];
  /** Keys of the same algorithm that were announced, and would have signed next. */
  readonly dropped: readonly SigningKey[];
}

/** `sts keys revoke` */
export function revokeCommand(terminal: Terminal) {
  return new Command('revoke')
    .description('take a signing key away that others may know: every token that it signed is refused from then on')
    .argument('<kid>', 'the key, as sts keys list shows it')
    .option('-y, --yes', 'do not ask')
    .addOption(environmentOptions.config())
    .addOption(environmentOptions.data())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
If it is the one that signs, a new key signs in its place, and no successor that was announced already.

Examples:
  $ sts keys revoke NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs
  $ sts keys revoke NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs --yes --json`,
    )
    .action(async (kid, { json, yes, ...options }) => {
      const variables = withOptions(terminal.variables, options);
      const settings = await configuredSettings(variables);
      const { withKeys } = await import('./opened-keys.js');
      const { revoked, successor, retired, dropped } = await withKeys(settings, variables, async (keys) => {
        const key = await find(kid, keys);
        if (!yes) {
          await terminal.confirm(
            `Revoke ${kid} (${key.algorithm}), so that every token it has signed is refused?`,
            '--yes',
          );
        }
        return revoke(key, keys);
      });
      if (json) {
        return terminal.printJson({
          revoked: revoked.kid,
          algorithm: revoked.algorithm,
          signsNow: successor?.kid,
          retired: retired.map((one) => one.kid),
        });
      }
      terminal.print(`${kid} (${revoked.algorithm}) is revoked.`);
      if (successor) terminal.print(`The new key ${successor.kid} signs from now on.`);
      const { wasDropped } = await import('./new-key-report.js');
      for (const one of dropped) terminal.print(wasDropped(one.kid));
      terminal.note(
        'Running servers refuse its tokens within 2 seconds. An API that checks tokens on its own believes the key until it fetches the key set again: 5 minutes with the defaults of the guard; restart it if that matters.',
      );
      if (retired.length > 0) {
        const names = retired.map((one) => one.kid).join(', ');
        terminal.note(
          `Who knew this key may know the older ones, whose tokens are still accepted; revoke them, too: ${names}`,
        );
      }
    });
}

async function find(kid: string, { store }: OpenedKeys): Promise<SigningKey> {
  const key = (await store.list()).find((one) => one.kid === kid);
  if (!key) throw new CliFault(`There is no signing key ${kid}: sts keys list shows those that there are.`);
  return key;
}

async function revoke(revoked: SigningKey, { store, ring, options }: OpenedKeys): Promise<Revocation> {
  const before = (await store.list()).filter(({ algorithm }) => algorithm === revoked.algorithm);
  const announced = (await inState('announced', before, options.keys)).filter(({ kid }) => kid !== revoked.kid);
  // Somebody else may have been faster; the key is gone all the same.
  await ring.revoke(revoked.kid);
  const left = (await store.list()).filter(({ algorithm }) => algorithm === revoked.algorithm);
  const retired = await inState('retired', left, options.keys);
  const stillAnnounced = await inState('announced', left, options.keys);
  return {
    revoked,
    successor: left.find(({ kid }) => !before.some((one) => one.kid === kid)),
    retired,
    dropped: announced.filter(({ kid }) => !stillAnnounced.some((one) => one.kid === kid)),
  };
}

async function inState(state: string, keys: readonly SigningKey[], rules: KeyRules): Promise<readonly SigningKey[]> {
  const { stateOf } = await import('@tessera/token-server');
  return keys.filter((key) => stateOf(key, keys, Date.now() / 1000, rules) === state);
}
