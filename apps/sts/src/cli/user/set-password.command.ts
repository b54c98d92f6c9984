import { Command } from '@commander-js/extra-typings';
import { environmentOptions, withOptions } from '../environment-options.js';
import { withConfiguration } from '../opened-configuration.js';
import { printable } from '../output/printable.js';
import type { Terminal } from '../terminal.js';

/** `sts user set-password` */
export function setPasswordCommand(terminal: Terminal) {
  return new Command('set-password')
    .description('give a person another password, which is asked for')
    .argument('<who>', 'subject or user name')
    .option('--password-file <file>', 'the file that holds the password')
    .option('--end-sessions', 'end all sessions and take back all tokens: where somebody else may have signed in')
    .addOption(environmentOptions.data())
    .option('--json', 'print a JSON document')
    .addHelpText(
      'after',
      `
Examples:
  $ sts user set-password alice
  $ sts user set-password alice --end-sessions
  $ sts user set-password 2 --password-file /run/secrets/bob`,
    )
    .action(async (who, { json, passwordFile, endSessions, ...options }) => {
      const [{ personNamed }, { shownPerson }, { newPassword }, { hashPassword }] = await Promise.all([
        import('./person-named.js'),
        import('./shown-person.js'),
        import('./new-password.js'),
        import('@tessera/accounts'),
      ]);
      const { person, sessions } = await withConfiguration(
        withOptions(terminal.variables, options),
        async (configuration) => {
          const { users: people } = configuration.editor;
          const { item, isOfFile } = await personNamed(who, people);
          const passwordHash = await hashPassword(await newPassword(passwordFile, '--password-file', terminal));
          await people.setPasswordHash(item.subject, passwordHash);
          const person = shownPerson({ item: { ...item, passwordHash }, isOfFile });
          // After the password: who knows the old one begins no new session in between.
          if (!endSessions) return { person };
          const { endAccess } = await import('./end-access.js');
          return { person, sessions: await endAccess(item.subject, configuration) };
        },
      );
      if (json) return terminal.printJson({ ...person, ...(sessions !== undefined && { endedSessions: sessions }) });
      terminal.print(`${printable(person.username)} (subject ${person.subject}) has another password.`);
      if (person.from === 'file') {
        terminal.note('The person is of the configuration file: the password stays until the file says another one.');
      }
      if (sessions === undefined) return;
      terminal.print(`Ended: ${sessions === 1 ? 'one session' : `${sessions} sessions`}. All tokens are taken back.`);
      terminal.note('An API that checks signed access tokens on its own takes them until they expire.');
    });
}
