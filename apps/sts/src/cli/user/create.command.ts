import { randomUUID } from 'node:crypto';
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { User } from '@tessera/resource-model';
import { CliFault } from '../cli-fault.js';
import { environmentOptions, withOptions } from '../environment-options.js';
import { exitCodes } from '../exit-codes.js';
import { withConfiguration } from '../opened-configuration.js';
import { printable } from '../output/printable.js';
import type { Terminal } from '../terminal.js';
import type { People } from './person-named.js';

type Claims = Readonly<Record<string, unknown>>;

/** `sts user create` */
export function createCommand(terminal: Terminal) {
  return new Command('create')
    .description('make a person; the password is asked for')
    .argument('<user name>', 'what the person signs in with')
    .option('--subject <subject>', 'sub in tokens, forever (default: a random UUID)')
    .addOption(
      new Option('--claim <name=value>', 'what is known about the person; JSON, or else text; several times').argParser(
        addClaim,
      ),
    )
    .option('--password-file <file>', 'the file that holds the password')
    .addOption(new Option('--password-hash <hash>', 'a hash that the person brings along').conflicts('passwordFile'))
    .addOption(new Option('--no-password', 'the person cannot sign in with a password'))
    .addOption(environmentOptions.data())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
Examples:
  $ sts user create alice --claim name='Alice Smith' --claim email=alice@example.com --claim email_verified=true
  $ sts user create bob --subject 2 --password-file /run/secrets/bob
  $ sts user create carol --password-hash '$2b$12$N9qo8uLOickgx2ZMRZoMye7hLCKuEIm4BcKHuoCJsBy/5Q0NErxWS'`,
    )
    .action(async (username, { json, subject = randomUUID(), claim: claims = {}, ...options }) => {
      const [{ shownPerson }, { User }] = await Promise.all([
        import('./shown-person.js'),
        import('@tessera/resource-model'),
      ]);
      const { password, passwordFile, passwordHash } = options;
      if (!password && (passwordFile ?? passwordHash) !== undefined) {
        throw new CliFault('--no-password leaves no place for another option about the password.', exitCodes.usage);
      }
      const shown = await withConfiguration(
        withOptions(terminal.variables, options),
        async ({ editor: { users: people } }) => {
          const user = new User({ subject, username, claims, ...(passwordHash !== undefined && { passwordHash }) });
          await check(user, people);
          if (password && passwordHash === undefined) user.passwordHash = await hashOf(passwordFile, terminal);
          if (!(await people.add(user))) throw new CliFault('Somebody made the same person at this moment.');
          return shownPerson({ item: user, isOfFile: false });
        },
      );
      if (json) return terminal.printJson(shown);
      terminal.print(`${printable(shown.username)} is made, with the subject ${shown.subject}.`);
    });
}

/** JSON where it is JSON; else the text as it stands. */
function addClaim(text: string, claims: Claims | undefined): Claims {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined)
    throw new InvalidArgumentError('It must be a name, = and a value, as in email=a@example.com.');
  return { ...claims, [name]: jsonOrText(value!) };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Before a password is asked for. @throws CliFault */
async function check(user: User, people: People): Promise<void> {
  const [{ describeFault }, { personFaults }] = await Promise.all([
    import('@tessera/resource-model'),
    import('./person-faults.js'),
  ]);
  const faults = personFaults(user);
  if (faults.length > 0) throw new CliFault(faults.map(describeFault).join('\n'), exitCodes.usage);
  if (await people.find(user.subject)) {
    throw new CliFault(`There is a person with the subject ${JSON.stringify(user.subject)} already.`);
  }
  const holder = await people.findByUsername(user.username);
  if (!holder) return;
  throw new CliFault(
    `There is a person with the user name ${JSON.stringify(holder.item.username)} already: subject ${holder.item.subject}.`,
  );
}

async function hashOf(file: string | undefined, terminal: Terminal): Promise<string> {
  const [{ hashPassword }, { newPassword }] = await Promise.all([
    import('@tessera/accounts'),
    import('./new-password.js'),
  ]);
  return hashPassword(await newPassword(file, '--password-file, --password-hash or --no-password', terminal));
}
