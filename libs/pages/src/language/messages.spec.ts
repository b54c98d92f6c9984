import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { placeholdersOf, readMessage } from './message-file.js';

const folder = (name: string) => fileURLToPath(new URL(`../../${name}/`, import.meta.url));
const read = (language: string) =>
  JSON.parse(readFileSync(`${folder('messages')}${language}.json`, 'utf8')) as Record<string, string>;
const languages = readdirSync(folder('messages')).map((name) => name.replace('.json', ''));
const english = read('en');

describe('The texts of the pages', () => {
  it('are there in six languages', () => {
    expect(languages.sort()).toEqual(['ar', 'de', 'en', 'es', 'fr', 'ja']);
  });

  it.each(languages)('in %s are as many as in English, in the same order', (language) => {
    expect(Object.keys(read(language))).toEqual(Object.keys(english));
  });

  it.each(languages)('in %s have the placeholders of the English ones', (language) => {
    const placeholders = (texts: Record<string, string>, of: string) =>
      Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, placeholdersOf(readMessage(text, of))]));
    expect(placeholders(read(language), language)).toEqual(placeholders(english, 'en'));
  });

  it.each(languages)('in %s have a form for each number', (language) => {
    const due = [0, 1, 2, 3, 11, 100].map((number) => new Intl.PluralRules(language).select(number));
    const texts = Object.values(read(language)).filter((text) => text.includes('plural'));
    expect(texts).toHaveLength(2);
    for (const text of texts) {
      const forms = [...text.matchAll(/(\w+) \{/g)].map(([, form]) => form);
      expect(forms).toEqual(expect.arrayContaining([...new Set(due)]));
    }
  });

  it.each(languages.filter((language) => language !== 'en'))('in %s are not left in English', (language) => {
    const same = Object.entries(read(language)).filter(
      ([key, text]) => text === english[key] && /[a-z]{3}.* [a-z]/.test(text.replace(/\{.*\}/, '')),
    );
    expect(same).toEqual([]);
  });

  it.each(languages)('in %s have no straight apostrophe, which would hide the placeholder behind it', (language) => {
    expect(Object.values(read(language)).filter((text) => text.includes("'"))).toEqual([]);
  });

  it('are all used, and none is used that is not there', () => {
    const sources = [
      ...files(folder('templates'), '.liquid'),
      ...files(folder('src'), '.ts').filter((path) => !path.endsWith('.spec.ts')),
    ].map((path) => readFileSync(path, 'utf8'));
    const used = new Set(
      sources.flatMap((source) => [...source.matchAll(/'([a-z]+\.[A-Za-z_.]+)'/g)].map(([, key]) => key!)),
    );
    const keys = Object.keys(english);
    // These are put together of a prefix and a name.
    const computed = /^(?:scope|claim|error)\./;
    expect(keys.filter((key) => !used.has(key) && !computed.test(key))).toEqual([]);
    const prefixes = new Set(keys.map((key) => key.split('.')[0]));
    const unknown = [...used].filter((key) => prefixes.has(key.split('.')[0]) && !keys.includes(key));
    expect(unknown).toEqual([]);
  });
});

function files(path: string, extension: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(extension))
    .map((name) => path + name);
}
