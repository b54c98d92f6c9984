import type { IntlMessageFormat } from 'intl-messageformat';
import { type Messages, readMessage } from './message-file.js';

type Values = Readonly<Record<string, string | number>>;

/** The language whose texts stand in where another has none. */
export const lastResort = 'en';

/** All texts in all languages. */
export class MessageCatalogue {
  private readonly ready = new Map<string, IntlMessageFormat>();

  constructor(private readonly byLanguage: ReadonlyMap<string, Messages>) {}

  get languages(): string[] {
    return [...this.byLanguage.keys()];
  }

  has(key: string, language: string): boolean {
    return this.sourceOf(key, language) !== undefined;
  }

  /** The text of a key with its placeholders filled in; the key itself where no language has it. */
  format(key: string, language: string, values: Values = {}): string {
    const source = this.sourceOf(key, language);
    if (source === undefined) return key;
    return String(this.message(key, source).format(isolated(values, language)));
  }

  /** The language that the text is in. */
  private sourceOf(key: string, language: string): string | undefined {
    return candidates(language).find((candidate) => this.byLanguage.get(candidate)?.has(key));
  }

  private message(key: string, language: string): IntlMessageFormat {
    const name = `${language} ${key}`;
    let message = this.ready.get(name);
    if (!message) {
      message = readMessage(this.byLanguage.get(language)!.get(key)!, language);
      this.ready.set(name, message);
    }
    return message;
  }
}

/** `de-AT` speaks as `de` where it has no words of its own, and in the end all speak English. */
export function candidates(language: string): string[] {
  const parts = language.split('-');
  return [...parts.map((_part, index) => parts.slice(0, parts.length - index).join('-')), lastResort];
}

const rightToLeft = new Set(['Arab', 'Hebr', 'Thaa', 'Syrc', 'Nkoo', 'Adlm', 'Rohg']);

/** `rtl` for languages that are written from right to left. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  return rightToLeft.has(new Intl.Locale(language).maximize().script ?? '') ? 'rtl' : 'ltr';
}

/** A name in another script must not disturb the order of the words around it: it is put between isolates (Unicode UAX #9 §2.4). */
function isolated(values: Values, language: string): Values {
  const isRightToLeft = directionOf(language) === 'rtl';
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' &&
      (isRightToLeft || /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\ufb1d-\ufefc]/.test(value))
        ? `\u2068${value}\u2069`
        : value,
    ]),
  );
}
