/** The longest access token that is read, in characters: more than any header limit in use lets through. */
export const maxBearerLength = 16_384;

/**
 * The bearer token of an Authorization header (RFC 6750 §2.1), or undefined where the header carries none.
 * Written by hand, in one pass and with a limit: an expression over an unauthenticated header is an attack surface.
 */
export function bearerToken(header: string | undefined): string | undefined {
  if (header === undefined || header.length <= 7 || header.length > maxBearerLength + 7) return undefined;
  if (header.slice(0, 7).toLowerCase() !== 'bearer ') return undefined;
  let start = 7;
  while (header.charCodeAt(start) === 0x20) start++;
  for (let i = start; i < header.length; i++) {
    if (!isTokenCharacter(header.charCodeAt(i))) return undefined;
  }
  return start < header.length ? header.slice(start) : undefined;
}

/** b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=" */
function isTokenCharacter(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x2d && code <= 0x39) ||
    code === 0x5f ||
    code === 0x7e ||
    code === 0x2b ||
    code === 0x3d
  );
}

/** One `WWW-Authenticate` challenge (RFC 9110 §11.6.1); undefined parameters are left out, quotes and backslashes are escaped. */
export function challenge(scheme: string, parameters: Record<string, string | undefined>): string {
  const written = Object.entries(parameters)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${name}="${value.replace(/[^\x20-\x7E]/g, '?').replace(/["\\]/g, '\\$&')}"`);
  return written.length > 0 ? `${scheme} ${written.join(', ')}` : scheme;
}
