import type { HttpReply } from '@tessera/token-server';

/** What a page may load, where its forms may lead, and that nobody may keep or frame it: the server sets none of this for pages. */
export function setPageHeaders(
  reply: HttpReply,
  { formTargets = [], frames = [] }: { readonly formTargets?: readonly string[]; readonly frames?: readonly string[] },
): void {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    // Browsers hold every redirect after a form to this, also those that the client makes once it was answered: so no host can be named.
    ["form-action 'self'", ...schemesOf(formTargets)].join(' '),
    ["frame-src 'self'", ...schemesOf(frames)].join(' '),
  ];
  reply.header('Content-Type', 'text/html; charset=utf-8');
  reply.header('Content-Security-Policy', policy.join('; '));
  reply.header('Cache-Control', 'no-store');
  reply.header('Referrer-Policy', 'no-referrer');
  reply.header('X-Content-Type-Options', 'nosniff');
  reply.header('X-Frame-Options', 'DENY');
}

/** `https:`, or that of an application on the device. A scheme holds no character that could end the directive; a host may. */
function schemesOf(addresses: readonly string[]): string[] {
  return [...new Set(addresses.map((address) => new URL(address).protocol))];
}
