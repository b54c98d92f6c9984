import { readFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { describe, expect, it } from '@jest/globals';
import { createProgram } from './program.js';
import { Terminal } from './terminal.js';

const page = readFileSync(new URL('../../../../docs/cli.md', import.meta.url), 'utf8');
const headings = [...page.matchAll(/^##+ (sts .*)$/gm)].map(([, name]) => name!);
const program = createProgram(
  new Terminal({ variables: {}, stdin: Readable.from([]), stdout: new Writable(), stderr: new Writable() }),
);

interface Named {
  readonly path: string;
  readonly command: CommandUnknownOpts;
}

/** Those that the help shows. */
function leaves(command: CommandUnknownOpts, path: string): Named[] {
  const shown = command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== 'help');
  if (shown.length === 0) return [{ path, command }];
  return shown.flatMap((one) => leaves(one, `${path} ${one.name()}`));
}

/** What the page says under a command's heading, and under that of its group. */
function sectionsOf(path: string): string {
  const group = path.split(' ').slice(0, -1).join(' ');
  return page
    .split(/^(?=##+ )/m)
    .filter((section) =>
      [path, group].some((name) => section.startsWith(`## ${name}\n`) || section.startsWith(`### ${name}\n`)),
    )
    .join('\n');
}

const commands = leaves(program, 'sts');

describe('docs/cli.md', () => {
  it('has a heading for every command, in the order of the help', () => {
    // A heading of a group stands for what its commands have in common.
    const isGroup = (heading: string) => headings.some((other) => other.startsWith(`${heading} `));
    const documented = headings.filter((heading) => !isGroup(heading));
    expect(documented).toEqual(commands.map(({ path }) => path));
  });

  it.each(commands.map(({ path, command }) => [path, command] as const))(
    'names every option of %s',
    (path, command) => {
      const flags = command.options.map(({ long }) => long!);
      expect(flags.filter((flag) => !new RegExp(`${flag}\\b(?!-)`).test(sectionsOf(path)))).toEqual([]);
    },
  );

  it.each(commands.map(({ path, command }) => [path, command] as const))(
    '%s has examples in its help',
    (path, command) => {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      expect(help).toContain(`\nExamples:\n  $ ${path.split(' ')[0]}`);
    },
  );
});
