import { stripVTControlCharacters } from 'node:util';

/** What came from outside, as text alone: a log or an answer must not steer the terminal. */
export function plainText(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it is about
  return stripVTControlCharacters(text).replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '');
}
