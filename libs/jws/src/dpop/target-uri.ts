/**
 * Whether two URLs name the same target: scheme, authority and path, after the normalisation that RFC 9449 §4.3 recommends
 * (RFC 3986 §6.2.2, §6.2.3). Query and fragment do not count. What is not a plain http URL is the same as nothing.
 */
export function isSameTarget(htu: string, url: string): boolean {
  if (htu === url) return isPlain(htu);
  const target = normalTarget(url);
  return target !== undefined && normalTarget(htu) === target;
}

/** The normal form of a target, or undefined where the text is not an http or https URI without credentials. */
export function normalTarget(text: string): string | undefined {
  if (!isPlain(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return undefined;
  return `${url.protocol}//${url.host}${normalPath(url.pathname)}`;
}

/**
 * Stricter than the URL class, which repairs what it reads: it would take `\` for `/`, skip tabs and line breaks, and find a host
 * after any number of slashes.
 */
function isPlain(text: string): boolean {
  return /^https?:\/\/[^/?#\\]/i.test(text) && !/[^\x21-\x7e]|\\|%(?![0-9a-f]{2})/i.test(text);
}

/** Dot segments, case and default ports are the URL class's work; it leaves percent-encoding as it is (RFC 3986 §6.2.2.1, §6.2.2.2). */
function normalPath(path: string): string {
  return path
    .replace(/%([0-9a-f]{2})/gi, (encoded, hex: string) => {
      const character = String.fromCharCode(parseInt(hex, 16));
      return /[A-Za-z0-9._~-]/.test(character) ? character : encoded.toUpperCase();
    })
    .replace(
      /[^A-Za-z0-9._~!$&'()*+,;=:@/%-]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    );
}
