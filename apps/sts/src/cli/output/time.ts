const units = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** How far a time is from now, in the largest unit that fits: `in 59 minutes`, `3 days ago`. Both in seconds since 1970. */
export function distance(time: number, now: number): string {
  const seconds = Math.round(time - now);
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? units[5];
  return relative.format(Math.trunc(seconds / size), unit);
}

/** Seconds since 1970 as a date that sorts: `2027-01-31T12:00:00Z`. */
export function date(time: number): string {
  return new Date(time * 1000).toISOString().replace('.000Z', 'Z');
}
