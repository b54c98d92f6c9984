import type { Terminal } from '../terminal.js';
import { clientCommand } from './client-command.js';

/** `sts perform client-credentials` */
export function clientCredentialsCommand(terminal: Terminal) {
  return clientCommand('client-credentials', 'a program signs in for itself (RFC 6749 §4.4)')
    .addHelpText(
      'after',
      `
Examples:
  $ sts perform client-credentials --issuer https://localhost:5001 --ca .data/tls/ca.pem --client-id simple_client --scope api1
  $ sts perform client-credentials --issuer https://id.example.com --client-id my-service --client-secret-env MY_SECRET --json`,
    )
    .action(async (options) => {
      const [{ clientCredentialsGrant }, { performGrant }] = await Promise.all([
        import('openid-client'),
        import('./perform-grant.js'),
      ]);
      await performGrant(options, terminal, clientCredentialsGrant);
    });
}
