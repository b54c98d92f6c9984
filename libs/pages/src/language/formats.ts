/** A day in words: 12 January 2030. */
export function day(seconds: number, language: string): string {
  return days.of(language).format(seconds * 1000);
}

/** Day and time, and where that time counts: a server does not know the time zone of the person. */
export function moment(seconds: number, language: string): string {
  return moments.of(language).format(seconds * 1000);
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** How long ago something was, in the largest unit that fits: 3 hours ago. */
export function ago(seconds: number, now: number, language: string): string {
  const passed = Math.max(0, now - seconds);
  const words = distances.of(language);
  const unit = units.find(([, length]) => passed >= length);
  return unit ? words.format(-Math.floor(passed / unit[1]), unit[0]) : words.format(0, 'second');
}

/** Several names as one speaks them: A, B and C. */
export function list(texts: readonly string[], language: string): string {
  return lists.of(language).format(texts);
}

/** One format for each language of the pages: making one costs far more than using it. */
class PerLanguage<Format> {
  private readonly made = new Map<string, Format>();

  constructor(private readonly make: (language: string) => Format) {}

  of(language: string): Format {
    let format = this.made.get(language);
    if (format === undefined) this.made.set(language, (format = this.make(language)));
    return format;
  }
}

const days = new PerLanguage((language) => new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }));
const moments = new PerLanguage(
  (language) =>
    new Intl.DateTimeFormat(language, {
      year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZone: 'UTC', timeZoneName: 'short',
    }), // prettier-ignore
);
const distances = new PerLanguage((language) => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }));
const lists = new PerLanguage((language) => new Intl.ListFormat(language, { type: 'conjunction' }));
