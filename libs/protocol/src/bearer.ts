/** The longest access token that is read, in characters: more than any header limit in use lets through. */
export const maxBearerLength = 16_384;

/** The bearer token of an Authorization header (RFC 6750 §2.1), or undefined where the header carries none. */
export function bearerToken(header: string | undefined): string | undefined {
  return authorizationToken(header, 'Bearer');
}

/**
 * The token of an Authorization header of this scheme (RFC 6750 §2.1, RFC 9449 §7.1), or undefined where the header carries none.
 * In one pass and with a limit: an expression that backtracks over an unauthenticated header is an attack surface.
 */
export function authorizationToken(header: string | undefined, scheme: 'Bearer' | 'DPoP'): string | undefined {
  let start = scheme.length + 1;
  if (header === undefined || header.length <= start || header.length > maxBearerLength + start) return undefined;
  if (header.slice(0, start).toLowerCase() !== `${scheme.toLowerCase()} `) return undefined;
  while (header.charCodeAt(start) === 0x20) start++;
  const token = header.slice(start);
  return token === '' || outsideToken.test(token) ? undefined : token;
}

/** What b64token does not have: 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=". One class, so nothing to backtrack. */
const outsideToken = /[^A-Za-z0-9\-._~+/=]/;

/** One `WWW-Authenticate` challenge (RFC 9110 §11.6.1); undefined parameters are left out, quotes and backslashes are escaped. */
export function challenge(scheme: string, parameters: Record<string, string | undefined>): string {
  const written = Object.entries(parameters)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${name}="${value.replace(/[^\x20-\x7E]/g, '?').replace(/["\\]/g, '\\$&')}"`);
  return written.length > 0 ? `${scheme} ${written.join(', ')}` : scheme;
}
