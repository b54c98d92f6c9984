import type { IncomingHttpHeaders } from 'node:http';

/** For how many seconds an answer may be kept (RFC 9111 §4.2.1); undefined where it does not say. */
export function cacheLifetime(headers: IncomingHttpHeaders): number | undefined {
  const directives = (headers['cache-control'] ?? '').toLowerCase().split(',');
  const words = directives.map((directive) => directive.trim());
  if (words.includes('no-store') || words.includes('no-cache')) return 0;
  const maxAge = words.map((word) => /^max-age="?(\d{1,10})"?$/.exec(word)?.[1]).find(Boolean);
  const lifetime = maxAge === undefined ? spanToExpiry(headers) : Number(maxAge);
  return lifetime === undefined ? undefined : Math.max(0, lifetime - ageOf(headers));
}

function spanToExpiry({ expires, date }: IncomingHttpHeaders): number | undefined {
  if (expires === undefined) return undefined;
  const [end, sent] = [Date.parse(expires), Date.parse(date ?? '')];
  // RFC 9111 §5.3: what cannot be read has ended.
  return Number.isNaN(end) || Number.isNaN(sent) ? 0 : Math.floor((end - sent) / 1000);
}

/** What it has spent in caches on its way. */
function ageOf({ age = '0' }: IncomingHttpHeaders): number {
  return /^\d{1,10}$/.test(age) ? Number(age) : 0;
}
