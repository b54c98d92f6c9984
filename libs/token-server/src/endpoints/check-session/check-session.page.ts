import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Cookies } from '../../http/cookies.js';

/** The frame that tells a client's page whether the session is still the same (OpenID Connect Session Management 1.0 §3.2). */
@Injectable()
export class CheckSessionPage {
  readonly html: string;
  /** Nothing but its one script. Any site may frame it: that is what it is for. */
  readonly policy: string;

  constructor(cookies: Cookies) {
    const script = scriptFor(cookies.nameOf('state'));
    this.html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Session</title></head><body><script>${script}</script></body></html>`;
    this.policy = `default-src 'none'; base-uri 'none'; script-src 'sha256-${hash('sha256', script, 'base64')}'`;
  }
}

/**
 * The same sum as `sessionState()`, in the browser. Only the origin of the page that embeds the frame may ask (§3.2). Where the browser does not
 * tell which that is, the sum still does not come out for another, since the origin that asks, and gets the answer, is part of it.
 */
function scriptFor(cookieName: string): string {
  return `
const prefix = ${JSON.stringify(`${cookieName}=`)};
const browserState = () => document.cookie.split('; ').find((cookie) => cookie.startsWith(prefix))?.slice(prefix.length);
const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
const embedder = () => location.ancestorOrigins?.[0] ?? (document.referrer && new URL(document.referrer).origin);
const statusOf = async (message, origin) => {
  if (embedder() && embedder() !== origin) return 'error';
  const parts = typeof message === 'string' ? /^(.+) ([0-9a-f]{64})\\.([\\w-]+)$/.exec(message) : null;
  if (!parts) return 'error';
  const [, clientId, sum, salt] = parts;
  const state = browserState();
  if (!state) return 'changed';
  const text = new TextEncoder().encode([clientId, origin, state, salt].join(' '));
  return hex(await crypto.subtle.digest('SHA-256', text)) === sum ? 'unchanged' : 'changed';
};
addEventListener('message', async ({ data, origin, source }) => {
  if (!source || origin === 'null') return;
  source.postMessage(await statusOf(data, origin).catch(() => 'error'), origin);
});
`;
}
