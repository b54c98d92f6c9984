/** Prints lines for a person. */
export type Print = (...lines: readonly string[]) => void;

/** To the standard output. */
export const printOut: Print = (...lines) => {
  for (const line of lines) process.stdout.write(`${line}\n`);
};

/** A reader that went away (`| head`, a closed terminal) must not keep the servers from being ended in order. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
