import { Command, Option } from '@commander-js/extra-typings';
import { exitCodes } from '../exit-codes.js';
import { caOption } from '../http/trusting-fetch.js';
import type { Terminal } from '../terminal.js';
import { describeToken, readToken } from './decoded-token.js';
import { checkSignature, type SignatureCheck } from './signature-check.js';

/** `sts token decode` */
export function decodeCommand(terminal: Terminal) {
  return new Command('decode')
    .description('show what a JWT says, and check its signature if keys are named; the token is sent nowhere')
    .argument('[token]', 'the token; left out or -: standard input')
    .addOption(new Option('--issuer <url>', "check the signature with this issuer's keys").conflicts('jwks'))
    .addOption(new Option('--jwks <file>', 'check the signature with the keys (JWKS) of this file'))
    .addOption(caOption())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
Exit codes: 0 decoded, 1 no JWT or the signature is invalid. Whether it has expired is shown and changes nothing.

Examples:
  $ sts token decode < token.txt
  $ sts token decode - --issuer https://id.example.com`,
    )
    .action(async (argument, { issuer, jwks, ca, json }) => {
      const isGiven = argument !== undefined && argument !== '-';
      if (isGiven)
        terminal.note(
          'warning: the token is now in the history of the shell; sts token decode - reads it from standard input.',
        );
      const { token, decoded } = readToken(isGiven ? argument : await terminal.readInput('the token'));
      const signature = await checkSignature(token, decoded, { issuer, jwks, ca });
      if (signature.status === 'invalid') terminal.exitCode = exitCodes.failed;
      if (json) return terminal.printJson({ ...decoded, signature });
      terminal.print(
        `${describeToken(decoded, Date.now() / 1000)}\nSignature\n  ${colored(signature, terminal)}: ${signature.detail}`,
      );
    });
}

function colored({ status }: SignatureCheck, { colors }: Terminal): string {
  if (status === 'not checked') return colors.yellow('NOT CHECKED');
  return status === 'valid' ? colors.green('valid') : colors.red('INVALID');
}
