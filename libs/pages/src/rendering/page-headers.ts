import type { HttpReply } from '@tessera/token-server';
import { originOf, schemeOf } from './safe-url.js';

/** What a page may load and where its forms may lead, beyond this server. */
export interface PagePolicy {
  /** Addresses that a form may be redirected to. */
  readonly formTargets?: readonly string[];
  /** Addresses that are shown in frames. */
  readonly frames?: readonly string[];
  readonly scripts?: boolean;
  readonly fonts?: boolean;
}

/** An origin or a scheme, and nothing that could end the directive or begin another. There are no IPv6 addresses in a policy. */
const source = /^(?:https?:\/\/[a-z0-9.:-]+|[a-z][a-z0-9+.-]*:)$/i;

/**
 * The headers of every page. No Cross-Origin-Opener-Policy: an application that signs people in with a popup would lose sight of it.
 */
export function setPageHeaders(reply: HttpReply, policy: PagePolicy): void {
  reply.header('Content-Type', 'text/html; charset=utf-8');
  reply.header('Content-Security-Policy', contentSecurityPolicy(policy));
  reply.header('Cache-Control', 'no-store');
  reply.header('Referrer-Policy', 'no-referrer');
  reply.header('X-Content-Type-Options', 'nosniff');
  reply.header('X-Frame-Options', 'DENY');
  reply.header('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
}

function contentSecurityPolicy({ formTargets = [], frames = [], scripts, fonts }: PagePolicy): string {
  const frameSources = sourcesOf(frames, originOf);
  // Browsers hold all redirects after a form to this, those of the client to wherever it likes included: so its scheme is all that can be said.
  const formSources = sourcesOf(formTargets, schemeOf);
  return [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' https: data:",
    ...(scripts ? ["script-src 'self'"] : []),
    ...(fonts ? ["font-src 'self'"] : []),
    ...(frameSources.length > 0 ? [`frame-src ${frameSources.join(' ')}`] : []),
    ["form-action 'self'", ...formSources].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

function sourcesOf(urls: readonly string[], toSource: (url: string) => string | undefined): string[] {
  const sources = urls.map(toSource).filter((found) => found !== undefined);
  return [...new Set(sources.filter((found) => source.test(found)))];
}
