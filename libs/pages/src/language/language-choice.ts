import { match } from '@formatjs/intl-localematcher';
import type { HttpRequest } from '@tessera/token-server';
import { lastResort } from './message-catalogue.js';

/** More wishes than any browser sends. */
const mostWishes = 20;
/** As many different lists of wishes are remembered; browsers send few. */
const mostRemembered = 500;

/** Which language a page speaks: the one that the application asked for, else the browser's, else English. */
export class LanguageChoice {
  private readonly remembered = new Map<string, string>();

  constructor(private readonly languages: readonly string[]) {}

  /** @param uiLocales best first (OpenID Connect Core §3.1.2.1) */
  of(request: HttpRequest, uiLocales: readonly string[] = []): string {
    const wishes = [...uiLocales, ...accepted(request.headers['accept-language'])].filter(isLanguage);
    return this.best(wishes.slice(0, mostWishes));
  }

  private best(wishes: readonly string[]): string {
    const name = wishes.join();
    let best = this.remembered.get(name);
    if (best === undefined) {
      best = match(wishes, this.languages, lastResort);
      if (this.remembered.size >= mostRemembered) this.remembered.clear();
      this.remembered.set(name, best);
    }
    return best;
  }
}

/** RFC 9110 §12.5.4: `de-AT, de;q=0.9, en;q=0.5`, the best first. */
function accepted(header = ''): string[] {
  return header
    .slice(0, 1000)
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.split(';').map((part) => part.trim());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return { tag, weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
