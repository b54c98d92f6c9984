/** Stands for a value that is there and is nobody's business: a secret, or what was written under a mistyped key. */
export const withheld = Symbol('withheld');

/** Below these a value is a secret, or may be one that stands in the wrong place. */
const secretPlaces = /(?:secrets?|salt|password|passwordhash)(?:\[|\.|$)|^users\[\d+\]$/i;
const longest = 120;

/** What of a wrong value is shown to people, ` (got "x")`: never a secret, and no object, which may hold one. */
export function shownValue(path: string, value: unknown): string {
  if (value === undefined) return ' (missing)';
  if (value === withheld) return '';
  if (typeof value === 'object' && value !== null && !isPlainList(value)) {
    return Array.isArray(value) ? ' (got a list)' : ' (got an object)';
  }
  if (secretPlaces.test(path)) return ' (the value is not shown)';
  const text = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? withoutUserinfo(part) : part,
  );
  return ` (got ${text.length > longest ? `${text.slice(0, longest - 3)}...` : text})`;
}

function isPlainList(value: object): boolean {
  return Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null);
}

/** A URL may carry a password: `https://user:password@host`. */
function withoutUserinfo(text: string): string {
  return text.replace(/\/\/[^/?#]*@/, '//…@');
}
