import { Command, Option } from '@commander-js/extra-typings';
import { signingAlgorithms } from '@tessera/protocol';
import { CliFault } from '../cli-fault.js';
import { configuredSettings } from '../configured-settings.js';
import { environmentOptions, withOptions } from '../environment-options.js';
import { exitCodes } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';

/** `sts keys rotate` */
export function rotateCommand(terminal: Terminal) {
  return new Command('rotate')
    .description('make new signing keys: they are announced for keys.propagationTime, and then sign')
    .addOption(
      new Option('--algorithm <name>', 'for this algorithm alone (default: all of signingAlgorithms)').choices(
        signingAlgorithms,
      ),
    )
    .option('--now', 'the new keys sign at once; APIs that do not know them yet may refuse their tokens for minutes')
    .addOption(environmentOptions.config())
    .addOption(environmentOptions.data())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
The server renews its keys by itself: this is for other reasons. If a key may have leaked: sts keys revoke.

Examples:
  $ sts keys rotate
  $ sts keys rotate --algorithm ES256 --now`,
    )
    .action(async ({ json, now, algorithm, ...options }) => {
      const variables = withOptions(terminal.variables, options);
      const settings = await configuredSettings(variables);
      const [{ withKeys }, { reported, suddenly, toJson, unhurried }] = await Promise.all([
        import('./opened-keys.js'),
        import('./new-key-report.js'),
      ]);
      const reports = await withKeys(settings, variables, async (keys) => {
        const { signingAlgorithms: configured, keys: rules } = keys.options;
        if (algorithm && !configured.includes(algorithm)) {
          throw new CliFault(
            `The server signs with ${configured.join(', ')}, not with ${algorithm}: add it to signingAlgorithms.`,
            exitCodes.usage,
          );
        }
        const made = [];
        for (const one of algorithm ? [algorithm] : configured) {
          const announcement = now ? 0 : rules.propagationTime;
          made.push((await reported(keys, one, () => keys.ring.rotate(one, announcement)))!);
        }
        return made;
      });
      if (json) return terminal.printJson(reports.map(toJson));
      for (const { key, sentence } of reports)
        terminal.print(`${key.algorithm}: the new key is ${key.kid}; ${sentence}`);
      terminal.note(reports.some(({ state }) => state === 'signing') ? suddenly : unhurried);
    });
}
