import { Command } from '@commander-js/extra-typings';
import { CliFault } from '../cli-fault.js';
import { configuredSettings } from '../configured-settings.js';
import { environmentOptions, withOptions } from '../environment-options.js';
import { exitCodes } from '../exit-codes.js';
import { type OpenedConfiguration, withConfiguration } from '../opened-configuration.js';
import type { Terminal } from '../terminal.js';
import type { AskedClient } from './asked-client.js';

/** `sts client create` */
export function createCommand(terminal: Terminal) {
  return new Command('create')
    .description('make a client in the database, with a secret that is printed once')
    .argument('<id>', 'the name under which the client makes its requests')
    .option('--name <text>', 'what people are shown')
    .option('--grant <type>', 'a grant that it may use; may be given several times', collect)
    .option('--scope <scope>', 'a scope that it may ask for; may be given several times', collect)
    .option('--redirect-uri <uri>', 'where answers may be sent; may be given several times', collect)
    .option('--post-logout-redirect-uri <uri>', 'where people may be sent after signing out; several times', collect)
    .option('--public', 'it can keep no secret, and has none')
    .option('--from <file>', 'one client as the configuration file has it, - for standard input; options come on top')
    .addOption(environmentOptions.config())
    .addOption(environmentOptions.data())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
The client is checked as sts config validate checks those of the file, against the scopes in the database. Only the hash of its secret is kept.

Examples:
  $ sts client create my-service --grant client_credentials --scope api1
  $ sts client create my-app --public --grant authorization_code --scope "openid profile" --redirect-uri https://app.example.com/callback
  $ sts client create my-web --from my-web.yaml --json`,
    )
    .action(async (id, { json, config, data, ...options }) => {
      const variables = withOptions(terminal.variables, { ...(config && { config }), ...(data && { data }) });
      const settings = await configuredSettings(variables);
      const [{ askedClient }, { checkAsked }] = await Promise.all([
        import('./asked-client.js'),
        import('./asked-client-faults.js'),
      ]);
      const asked = await askedClient(id, options, terminal, settings.options.profile);
      const file = options.from === '-' ? '<stdin>' : (options.from ?? '');
      const found = await withConfiguration(variables, async (opened) => {
        const findings = await checkAsked(asked, file, settings, opened);
        if (findings.faults.length === 0) await add(asked, opened);
        return findings;
      });
      if (found.faults.length > 0) {
        terminal.exitCode = exitCodes.failed;
        if (json) return terminal.printJson({ clientId: id, created: false, faults: found.faults });
        const count = found.lines.length === 1 ? 'one fault' : `${found.lines.length} faults`;
        return terminal.note(
          `The client is not made: it has ${count}.\n${found.lines.map((line) => `  ${line}`).join('\n')}`,
        );
      }
      found.warnings.forEach((warning) => terminal.note(`warning: ${warning}`));
      if (json) return terminal.printJson({ clientId: id, created: true, clientSecret: asked.secret });
      terminal.print(`Client ${JSON.stringify(id)} is made.`);
      if (asked.secret !== undefined) terminal.print(`\nIts secret, which is shown only now: ${asked.secret}`);
    });
}

/** Not a list behind one option, which would take the id for a part of it. */
function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

async function add({ client }: AskedClient, { editor: { clients } }: OpenedConfiguration): Promise<void> {
  if (await clients.add(client)) return;
  const entry = await clients.find(client.clientId);
  const owner = entry?.isOfFile ? ', which the configuration file declares' : '';
  throw new CliFault(`There is a client ${JSON.stringify(client.clientId)} already${owner}. It stays as it is.`);
}
