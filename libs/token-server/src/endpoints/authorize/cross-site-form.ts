import type { Form } from '../../http/decode.js';
import { endpointPaths } from '../../http/endpoint-paths.js';
import type { HttpRequest } from '../../http/message.js';

/** Longer addresses are cut or refused on the way. */
const longestQuery = 6000;

/** A form of another site comes without our cookies (SameSite), so a person who is signed in would look like one who is not. */
export function isHiddenFrom({ method, headers }: HttpRequest): boolean {
  return method === 'POST' && headers['sec-fetch-site'] === 'cross-site' && headers.cookie === undefined;
}

/** The same request as an address: the browser goes there by itself, and brings its cookies along. Undefined for one too long for that. */
export function repeatAsGet(form: Form, { url }: HttpRequest): string | undefined {
  const pairs = Object.entries(form).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)]),
  );
  const query = new URLSearchParams(pairs as [string, string][]).toString();
  const path = url.split('?', 1)[0]!.endsWith(endpointPaths.authorize) ? '' : undefined;
  return path === undefined || query.length > longestQuery ? undefined : `?${query}`;
}
