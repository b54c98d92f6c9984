/**
 * Says what is wrong with a URL at which an issuer publishes something, or undefined where it is good.
 * Keys that came over plain http could be anybody's, so http is for a loopback host alone (RFC 8414 §2).
 */
export function issuerUrlFault(value: unknown): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return 'it must be an absolute URL';
  const url = new URL(value);
  if (url.username || url.password) return 'it must not carry a user name or password';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:' && isLoopback(url.hostname)) return undefined;
  return 'it must be https (http is accepted for localhost, 127.0.0.1 and [::1] only)';
}

/** `hostname` as URL writes it: lower case, and every IPv4 address as four decimal numbers. */
function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
