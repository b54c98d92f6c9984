import type { Minute } from './measured-hour.js';
import { warmUp } from './lifetimes.js';

const half = 1800;

/** The same figure before and after the middle of the hour; what is measured while the load warms up counts for neither. */
export interface Level {
  readonly before: number;
  readonly after: number;
}

/** The highest of each half. */
export function peaks(minutes: readonly Minute[], figure: (minute: Minute) => number): Level {
  const highest = (some: readonly Minute[]) => Math.max(...some.map(figure));
  return { before: highest(between(minutes, warmUp, half)), after: highest(between(minutes, half, Infinity)) };
}

/** The median of the quarter of an hour before the middle, and of the last one. */
export function medians(minutes: readonly Minute[], figure: (minute: Minute) => number): Level {
  const median = (some: readonly Minute[]) =>
    some.map(figure).sort((a, b) => a - b)[Math.floor(some.length / 2)] ?? NaN;
  return { before: median(between(minutes, half - 900, half)), after: median(between(minutes, 2700, Infinity)) };
}

function between(minutes: readonly Minute[], from: number, to: number): readonly Minute[] {
  return minutes.filter(({ at }) => at > from && at <= to);
}

export const headOfLines = ' minute  wall s  heap MB  rss MB     rows  tables MB  log MB  sweep ms  pause ms';

/** The minute in figures, below `headOfLines`. */
export function lineOf({ at, wall, swept, rows, bytes, log, free }: Minute): string {
  const { memory, milliseconds, longestPause } = swept;
  const count = rows && [...rows.values()].reduce((sum, each) => sum + each, 0);
  const figures: [number | undefined, number, number?][] = [
    [at / 60, 7, 0],
    [wall, 7, 0],
    [megabytes(memory.heap), 8],
    [megabytes(memory.rss), 7],
    [count, 8, 0],
    [bytes && megabytes(bytes), 10],
    [log && megabytes(log), 7],
    [milliseconds, 9, 0],
    [longestPause, 9],
  ];
  const cells = figures.map(([figure, width, digits = 1]) => (figure?.toFixed(digits) ?? '-').padStart(width));
  return `${cells.join(' ')}  ${free ?? ''}`.trimEnd();
}

export function megabytes(bytes: number): number {
  return bytes / 1024 / 1024;
}
