/**
 * What could make a text look like another one: controls and line ends, characters that cannot be seen, and those that turn the direction of what
 * follows (Unicode UAX #9 §2).
 */
const treacherous = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]+/gu;

/** A text of a client's as a person may read it: on one line, without what cannot be seen. It still has to be escaped. */
export function harmlessText(text: string): string {
  return text.replace(treacherous, ' ').trim();
}
