import { Command, Option } from '@commander-js/extra-typings';
import { signingAlgorithms } from '@tessera/protocol';
import type { SigningKey } from '@tessera/resource-model';
import { CliFault } from '../cli-fault.js';
import { configuredSettings } from '../configured-settings.js';
import { environmentOptions, withOptions } from '../environment-options.js';
import type { Terminal } from '../terminal.js';
import type { OpenedKeys } from './opened-keys.js';

/** `sts keys import` */
export function importCommand(terminal: Terminal) {
  return new Command('import')
    .description('take in a private key that was made elsewhere: announced for keys.propagationTime, it then signs')
    .argument('<file>', 'PEM (PKCS#8, PKCS#1, SEC 1; encrypted or not), JWK, or PKCS#12 (.p12, .pfx)')
    .addOption(
      new Option(
        '--algorithm <name>',
        'what it signs with (default: the alg of a JWK; else what fits, for RSA RS256)',
      ).choices(signingAlgorithms),
    )
    .option('--passphrase-file <file>', 'holds the passphrase of the key; without it, it is asked for')
    .addOption(new Option('--passphrase-stdin', 'read the passphrase from standard input').conflicts('passphraseFile'))
    .option('--now', 'the key signs at once; APIs that do not know it yet may refuse its tokens for minutes')
    .addOption(environmentOptions.config())
    .addOption(environmentOptions.data())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
Examples:
  $ sts keys import this-year.pem
  $ sts keys import key.p12 --passphrase-file /run/secrets/key --algorithm PS256 --now`,
    )
    .action(async (file, { json, now, algorithm, passphraseFile, passphraseStdin, ...options }) => {
      const variables = withOptions(terminal.variables, options);
      const settings = await configuredSettings(variables);
      const [{ readKeyFile }, { withKeys }, { reported, suddenly, toJson, unhurried }] = await Promise.all([
        import('./key-file.js'),
        import('./opened-keys.js'),
        import('./new-key-report.js'),
      ]);
      const key = await readKeyFile(file, { algorithm, passphraseFile, passphraseStdin }, terminal);
      const { kid, privateJwk } = key;
      const report = await withKeys(settings, variables, async (keys) => {
        check(key, keys, file);
        const announcement = now ? 0 : keys.options.keys.propagationTime;
        const material = { kid, algorithm: key.algorithm, privateJwk };
        return reported(keys, key.algorithm, () => keys.ring.adopt(material, announcement));
      });
      if (!report) throw new CliFault(`The key in ${file} is here already: sts keys list shows ${kid}.`);
      if (json) return terminal.printJson(toJson(report));
      terminal.print(`${key.algorithm}: the key of ${file} is ${kid}; ${report.sentence}`);
      terminal.note(report.state === 'signing' ? suddenly : unhurried);
      if (settings.options.keys?.automatic !== false) {
        terminal.note(
          'The server will replace it with a key of its own making, as any other; keys.automatic: false leaves all to you.',
        );
      }
    });
}

/** A key that nothing is signed with would only seem to be in use. @throws CliFault */
function check(
  { algorithm }: SigningKey,
  { options: { signingAlgorithms: configured } }: OpenedKeys,
  file: string,
): void {
  if (configured.includes(algorithm)) return;
  throw new CliFault(
    `${file} holds a key for ${algorithm}, and the server signs with ${configured.join(', ')}: give --algorithm if the key fits another, or add ${algorithm} to signingAlgorithms.`,
  );
}
