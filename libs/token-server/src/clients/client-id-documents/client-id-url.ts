/** As long as the id of a client may be. */
const longest = 200;

/** Written as every reader writes it: lower case, no backslash, no white space, no user, no fragment, no default port, no dots on the way. */
const form = /^https:\/\/[a-z0-9.-]+(?::\d{1,5})?\/[\w.~!$&'()*+,;=:@%/-]*$/;

/**
 * The URL, where the id of a client is one that a document can be at (draft-ietf-oauth-client-id-metadata-document §3): https, with a path,
 * without user, fragment and dot segments. A query is refused as well, which the draft advises against.
 */
export function clientIdUrl(clientId: string): URL | undefined {
  if (clientId.length > longest || !form.test(clientId) || !URL.canParse(clientId)) return undefined;
  const url = new URL(clientId);
  const isPlain = url.href === clientId && url.pathname !== '/' && !hasDotSegments(clientId);
  return isPlain ? url : undefined;
}

/** Also where the dots are escaped. */
function hasDotSegments(address: string): boolean {
  const segments = address.replace(/%2e/gi, '.').split('/');
  return segments.includes('.') || segments.includes('..');
}
