import type { Terminal } from '../terminal.js';
import { clientCommand } from './client-command.js';

/** `sts perform device-code` */
export function deviceCodeCommand(terminal: Terminal) {
  return clientCommand(
    'device-code',
    'a device without a browser shows a code that a person enters elsewhere (RFC 8628)',
  )
    .addHelpText(
      'after',
      `
Examples:
  $ sts perform device-code --issuer https://localhost:5001 --ca .data/tls/ca.pem --client-id device_client --public --scope "openid api1"`,
    )
    .action(async (options) => {
      const [{ initiateDeviceAuthorization, pollDeviceAuthorizationGrant }, { performGrant }] = await Promise.all([
        import('openid-client'),
        import('./perform-grant.js'),
      ]);
      await performGrant(options, terminal, async (server, parameters) => {
        const begun = await initiateDeviceAuthorization(server, parameters);
        terminal.note(`Open ${begun.verification_uri} and enter ${terminal.colors.bold(begun.user_code)}`);
        if (begun.verification_uri_complete) terminal.note(`or open ${begun.verification_uri_complete}`);
        terminal.note(`Waiting, for ${begun.expires_in} seconds at most …\n`);
        return pollDeviceAuthorizationGrant(server, begun);
      });
    });
}
