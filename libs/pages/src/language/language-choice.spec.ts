import { describe, expect, it } from '@jest/globals';
import type { HttpRequest } from '@tessera/token-server';
import { LanguageChoice } from './language-choice.js';
import { directionOf } from './message-catalogue.js';

const choice = new LanguageChoice(['en', 'de', 'es', 'fr', 'ja', 'ar']);
const request = (accepted?: string) => ({ headers: { 'accept-language': accepted } }) as unknown as HttpRequest;

describe('The language of a page', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['de', 'de'],
    ['de-AT,de;q=0.9,en;q=0.5', 'de'],
    ['en;q=0.5, fr-CA;q=0.9', 'fr'],
    ['zh, ja;q=0.5', 'ja'],
    ['zh', 'en'],
    ['fr;q=0, de;q=0.1', 'de'],
    ['*', 'en'],
    ['not a language,,;q=1,de', 'de'],
    ['de;q=nonsense, es', 'es'],
  ])('is for a browser that accepts %s: %s', (accepted, language) => {
    expect(choice.of(request(accepted))).toBe(language);
  });

  it('is the one that the application asks for, whatever the browser says (OpenID Connect Core §3.1.2.1)', () => {
    expect(choice.of(request('de'), ['pt', 'fr-CA', 'fr'])).toBe('fr');
  });

  it('is the language of the browser where the application asks for one that is not there', () => {
    expect(choice.of(request('de'), ['zh'])).toBe('de');
  });

  it('costs no time worth speaking of, however many are asked for', () => {
    const many = Array.from({ length: 300 }, (_, index) => `x${index % 10}-${String(index).padStart(4, '0')}`);
    const startedAt = performance.now();
    expect(choice.of(request(many.join()), many)).toBe('en');
    expect(performance.now() - startedAt).toBeLessThan(250);
  });
});

describe('The direction of a language', () => {
  it.each([
    ['ar', 'rtl'],
    ['he', 'rtl'],
    ['fa-IR', 'rtl'],
    ['en', 'ltr'],
    ['ja', 'ltr'],
    ['uz-Arab', 'rtl'],
  ])('%s is %s', (language, direction) => expect(directionOf(language)).toBe(direction));
});
