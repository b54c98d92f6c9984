import { Option } from '@commander-js/extra-typings';
import type { Terminal } from './terminal.js';

type Variables = Terminal['variables'];

/** Options that take the place of environment variables, wherever a command reads these. */
export const environmentOptions = {
  config: () => new Option('-c, --config <file>', 'the configuration file (STS_CONFIG; default: sts.yaml)'),
  issuer: () => new Option('--issuer <url>', 'takes the place of issuer in the file (STS_ISSUER)'),
  host: () => new Option('--host <address>', 'where to listen (STS_HOST; default: localhost)'),
  port: () => new Option('-p, --port <number>', 'where to listen (STS_PORT; default: 5001)'),
  data: () =>
    new Option('--data <folder>', 'the folder of the embedded database and its key (STS_DATA; default: .data)'),
};

/** The variables as the options want them: what is given on the command line wins. */
export function withOptions(
  variables: Variables,
  options: Readonly<Partial<Record<keyof typeof environmentOptions, string>>>,
): Variables {
  const given = Object.entries(options).filter(([name]) => name in environmentOptions);
  return { ...variables, ...Object.fromEntries(given.map(([name, value]) => [`STS_${name.toUpperCase()}`, value])) };
}
