import type { Terminal } from '../../terminal.js';

/** Tells how many bytes of the file have been read. */
export type Progress = (bytes: number) => void;

/** A bar on the screen while something reads a file; where nobody looks there is none. */
export async function withProgress<T>(
  what: string,
  size: number,
  terminal: Terminal,
  act: (progress?: Progress) => Promise<T>,
): Promise<T> {
  const { screen } = terminal;
  if (!screen) return act();
  const { default: progress } = await import('cli-progress');
  const bar = new progress.SingleBar({
    format: `${what} {bar} {percentage}% | {eta_formatted}`,
    stream: screen,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(Math.max(size, 1), 0);
  try {
    return await act((bytes) => bar.update(bytes));
  } finally {
    bar.stop();
  }
}
