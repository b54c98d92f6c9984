import tab from '@bomb.sh/tab/commander';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';

/**
 * Adds `sts completion`, and the hidden `sts complete` that a shell asks behind the script which the first prints. Comes last: it knows those commands that
 * are there by then.
 */
export function addCompletion(program: CommandUnknownOpts): void {
  tab(program as unknown as Parameters<typeof tab>[0], { completionCommandName: 'completion' });
  program.commands
    .find((command) => command.name() === 'completion')!
    .summary('print the script by which a shell completes commands and options')
    .description('print the script by which a shell completes commands and options')
    .addHelpText(
      'after',
      `
Examples:
  $ sts completion bash > ~/.local/share/bash-completion/completions/sts
  $ sts completion zsh > "\${fpath[1]}/_sts"
  $ sts completion fish > ~/.config/fish/completions/sts.fish`,
    );
}
