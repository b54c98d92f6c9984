const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const longest = 315_360_000;

/** Seconds of a span of time: `3600`, `90s`, `15m`, `24h`, `30d`, at most ten years; undefined where it is none. */
export function readDuration(text: string): number | undefined {
  const [, number, unit] = /^(\d+)([smhd]?)$/.exec(text) ?? [];
  const seconds = Number(number) * units[unit || 's']!;
  return seconds <= longest ? seconds : undefined;
}
