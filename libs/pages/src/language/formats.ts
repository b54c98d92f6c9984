/** A day in words: 12 January 2030. */
export function day(seconds: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(seconds * 1000);
}

/** Day and time, and where that time counts: a server does not know the time zone of the person. */
export function moment(seconds: number, language: string): string {
  return new Intl.DateTimeFormat(language, {
    year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZone: 'UTC', timeZoneName: 'short',
  }).format(seconds * 1000); // prettier-ignore
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** How long ago something was, in the largest unit that fits: 3 hours ago. */
export function ago(seconds: number, now: number, language: string): string {
  const passed = Math.max(0, now - seconds);
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const unit = units.find(([, length]) => passed >= length);
  return unit ? words.format(-Math.floor(passed / unit[1]), unit[0]) : words.format(0, 'second');
}

/** Several names as one speaks them: A, B and C. */
export function list(texts: readonly string[], language: string): string {
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(texts);
}
