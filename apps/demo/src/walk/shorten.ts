const longest = 64;

/** Tokens, keys and the like: long, and without a blank or a mark that a reader could hold on to. */
const opaque = new RegExp(`[\\w.~+/=-]{${longest + 1},}`, 'g');

/** Shows of every long opaque word its two ends, and how long it is. */
export function shortenTokens(text: string): string {
  return text.replace(opaque, (word) => `${word.slice(0, 12)}…${word.slice(-6)} (${word.length} characters)`);
}
