/**
 * For how many seconds an answer is good by its own word (RFC 9111 §4.2), or undefined where it says nothing. What it says to
 * shared caches (`s-maxage`) does not matter: the guard is the end of the way.
 */
export function freshnessOf(headers: Headers): number | undefined {
  const directives = (headers.get('cache-control') ?? '').split(',').map((text) => text.trim().toLowerCase());
  // RFC 9111 §5.2.2.4, §5.2.2.5. `no-cache="field"` is another thing: it speaks of that field only.
  if (directives.includes('no-store') || directives.includes('no-cache')) return 0;
  const maxAge = directives.find((directive) => directive.startsWith('max-age='))?.slice('max-age='.length);
  if (maxAge === undefined) return undefined;
  // §5.2: quotes are understood, though nobody should send them. §4.2.1: a length that cannot be read is none.
  const seconds = wholeSeconds(maxAge.replace(/^"(.*)"$/, '$1'));
  return Math.max(0, seconds - wholeSeconds(headers.get('age')));
}

function wholeSeconds(text: string | null): number {
  return text !== null && /^\d+$/.test(text) ? Number(text) : 0;
}
