import { Option } from '@commander-js/extra-typings';
import type { Terminal } from '../terminal.js';
import { clientCommand } from './client-command.js';

/** `sts perform password` */
export function passwordCommand(terminal: Terminal) {
  return clientCommand('password', 'a trusted application passes on a password (RFC 6749 §4.3; new ones should not)')
    .requiredOption('--username <name>', 'the person')
    .addOption(new Option('--password-env <name>', 'the variable that holds the password; else it is asked for'))
    .addHelpText(
      'after',
      `
Examples:
  $ sts perform password --issuer https://localhost:5001 --ca .data/tls/ca.pem --client-id ropg_client --username alice --scope "openid api1"`,
    )
    .action(async (options) => {
      const [{ genericGrantRequest }, { readVariable }, { performGrant }] = await Promise.all([
        import('openid-client'),
        import('./client-secret.js'),
        import('./perform-grant.js'),
      ]);
      await performGrant(options, terminal, async (server, parameters) => {
        parameters.set('username', options.username);
        const { passwordEnv } = options;
        const password =
          passwordEnv === undefined
            ? await terminal.askSecret('Password', '--password-env')
            : readVariable(passwordEnv, '--password-env', terminal);
        parameters.set('password', password);
        return genericGrantRequest(server, 'password', parameters);
      });
    });
}
