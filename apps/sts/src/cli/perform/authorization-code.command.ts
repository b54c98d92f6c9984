import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { Terminal } from '../terminal.js';
import { clientCommand } from './client-command.js';

/** `sts perform authorization-code` */
export function authorizationCodeCommand(terminal: Terminal) {
  return clientCommand('authorization-code', 'a person signs in with a browser on this machine (RFC 8252)')
    .addOption(
      new Option('--redirect-port <number>', 'the port of the redirect URI; 0: any that is free')
        .argParser((text) => wholeNumber(text, 65_535))
        .default(0),
    )
    .addOption(new Option('--redirect-path <path>', 'the path of the redirect URI').default('/callback'))
    .addOption(
      new Option('--timeout <seconds>', 'how long to wait for the person')
        .argParser((text) => wholeNumber(text, 86_400))
        .default(300),
    )
    .addHelpText(
      'after',
      `
The client needs the redirect URI http://127.0.0.1/callback; the port does not matter (RFC 8252 §7.3).

Examples:
  $ sts perform authorization-code --issuer https://localhost:5001 --ca .data/tls/ca.pem --client-id my-app --public --scope openid`,
    )
    .action(async (options) => {
      const [{ signInWithBrowser }, { performGrant }] = await Promise.all([
        import('./browser-sign-in.js'),
        import('./perform-grant.js'),
      ]);
      await performGrant(options, terminal, (server, parameters) =>
        signInWithBrowser(server, parameters, options, terminal),
      );
    });
}

function wholeNumber(text: string, largest: number): number {
  if (/^\d+$/.test(text) && Number(text) <= largest) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${largest}.`);
}
