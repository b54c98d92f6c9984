import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Command } from '@commander-js/extra-typings';
import { CliFault } from '../cli-fault.js';
import { exitCodes } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { firstClientId, firstConfiguration } from './first-configuration.js';

/** `sts init` */
export function initCommand(terminal: Terminal) {
  return new Command('init')
    .description('write a first configuration file, with comments and a client whose secret is made here')
    .argument('[file]', 'where to write it', 'sts.yaml')
    .option('--issuer <url>', 'the public name of the server', 'https://id.example.com')
    .option('-f, --force', 'overwrite the file')
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
The secret is printed once and is nowhere else: the file holds its hash.

Examples:
  $ sts init --issuer https://login.example.org
  $ sts init /etc/sts.yaml`,
    )
    .action((file, { issuer, force, json }) => {
      if (!URL.canParse(issuer)) {
        throw new CliFault(
          `--issuer must be a URL such as https://id.example.com, but is '${issuer}'.`,
          exitCodes.usage,
        );
      }
      // 256 bits, so that a plain hash of it is enough.
      const secret = randomBytes(32).toString('base64url');
      write(file, firstConfiguration({ file, issuer, secret }), force === true);
      if (json) return terminal.printJson({ file, issuer, clientId: firstClientId, clientSecret: secret });
      terminal.print(
        `${file} is written.\n\nThe secret of the client ${firstClientId}, which is shown only now: ${secret}`,
      );
      terminal.note(`\nNext: read ${file}, then sts config validate ${file} and sts start --config ${file}`);
    });
}

function write(file: string, text: string, force: boolean): void {
  try {
    // wx fails where there is a file already, without a moment between looking and writing.
    writeFileSync(file, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw new CliFault(`${file} cannot be written: ${message}.`, undefined, { cause: error });
    throw new CliFault(`${file} is there already and stays as it is. Name another file, or overwrite it with --force.`);
  }
}
