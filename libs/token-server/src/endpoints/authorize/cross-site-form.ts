import type { Cookies } from '../../http/cookies.js';
import type { Form } from '../../http/decode.js';
import type { HttpRequest } from '../../http/message.js';

/** Longer addresses are cut or refused on the way. */
const longestQuery = 6000;

/** A form of another site comes without the cookie of the session (SameSite), so a person who is signed in would look like one who is not. */
export function isHiddenFrom(request: HttpRequest, cookies: Cookies): boolean {
  const { method, headers } = request;
  return (
    method === 'POST' && headers['sec-fetch-site'] === 'cross-site' && cookies.read(request, 'session') === undefined
  );
}

/** The same request as an address: the browser goes there by itself, and brings its cookies along. Undefined for one too long for that. */
export function repeatAsGet(form: Form): string | undefined {
  const pairs = Object.entries(form).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)]),
  );
  const query = new URLSearchParams(pairs as [string, string][]).toString();
  return query.length > longestQuery ? undefined : `?${query}`;
}
