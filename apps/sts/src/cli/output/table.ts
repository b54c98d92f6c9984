import CliTable from 'cli-table3';

const none = {
  top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '',
  left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ',
}; // prettier-ignore

/** Aligned columns without lines around them: the same on a screen, in a file and in a pipe. */
export function table(rows: readonly (readonly string[])[], head?: readonly string[]): string {
  const style = { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 };
  const printer = new CliTable({ chars: none, style });
  printer.push(...(head ? [[...head]] : []), ...rows.map((row) => [...row]));
  return printer.toString().replace(/ +$/gm, '');
}
