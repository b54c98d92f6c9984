import { Command, Option } from '@commander-js/extra-typings';
import { caOption } from '../http/trusting-fetch.js';

/** What every command that is a client is told. */
export interface ClientOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecretEnv?: string;
  readonly clientSecretStdin?: true;
  readonly public?: true;
  readonly clientAuth: 'basic' | 'post';
  readonly scope?: string;
  readonly resource?: readonly string[];
  readonly ca?: string;
  readonly json?: true;
}

/** A command with the options of a client. Without one that names it, the client's secret is asked for. */
export function clientCommand(name: string, description: string) {
  return new Command(name)
    .description(description)
    .requiredOption('--issuer <url>', 'the server')
    .requiredOption('--client-id <id>', 'the client')
    .addOption(new Option('--client-secret-env <name>', 'the variable that holds its secret'))
    .addOption(new Option('--client-secret-stdin', 'read its secret from standard input').conflicts('clientSecretEnv'))
    .addOption(new Option('--public', 'a client without a secret').conflicts(['clientSecretEnv', 'clientSecretStdin']))
    .addOption(
      new Option('--client-auth <method>', 'how it sends its secret')
        .choices(['basic', 'post'] as const)
        .default('basic' as const),
    )
    .option('--scope <scopes>', 'what to ask for, e.g. "openid api1"')
    .option('--resource <uri...>', 'the APIs that the token is for (RFC 8707)')
    .addOption(caOption())
    .option('--json', 'print a JSON document at the end, and nothing before it');
}
