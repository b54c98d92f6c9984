import { Command } from '@commander-js/extra-typings';
import type { Terminal } from '../terminal.js';
import { authorizationCodeCommand } from './authorization-code.command.js';
import { clientCredentialsCommand } from './client-credentials.command.js';
import { deviceCodeCommand } from './device-code.command.js';
import { passwordCommand } from './password.command.js';

/** `sts perform …` */
export function performCommand(terminal: Terminal) {
  return new Command('perform')
    .description('be a client: get tokens from a server, and see every request and answer on the way')
    .addCommand(clientCredentialsCommand(terminal))
    .addCommand(passwordCommand(terminal))
    .addCommand(authorizationCodeCommand(terminal))
    .addCommand(deviceCodeCommand(terminal));
}
