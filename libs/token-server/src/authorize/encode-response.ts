import { createHash } from 'node:crypto';
import { escapeHtml } from '../http/html.js';
import type { HttpReply } from '../http/message.js';
import type { ResponseMode } from './response-modes.js';

/** The one line of script that sends the form on; without scripts there is a button. */
const submit = 'document.forms[0].submit()';
const submitHash = createHash('sha256').update(submit).digest('base64');
const policy = `default-src 'none'; script-src 'sha256-${submitHash}'; base-uri 'none'; frame-ancestors 'none'`;

/** Sends parameters to the client through the person's browser, by the carrier that the request asked for. */
export function sendParameters(
  reply: HttpReply,
  redirectUri: string,
  carrier: ResponseMode['carrier'],
  parameters: Readonly<Record<string, string>>,
): void {
  reply.header('Cache-Control', 'no-store');
  reply.header('Referrer-Policy', 'no-referrer');
  if (carrier === 'form_post') {
    reply.header('Content-Type', 'text/html; charset=utf-8');
    reply.header('Content-Security-Policy', policy);
    reply.header('X-Content-Type-Options', 'nosniff');
    reply.header('X-Frame-Options', 'DENY');
    reply.status(200).send(formPost(redirectUri, parameters));
    return;
  }
  const encoded = new URLSearchParams(parameters).toString();
  // The URI has been compared character by character, so nothing but the answer is added to it.
  const separator = carrier === 'fragment' ? '#' : redirectUri.includes('?') ? '&' : '?';
  sendTo(reply, `${redirectUri}${separator}${encoded}`);
}

/** 303, so that a browser never sends a form, with a password in it, once more to the next address (RFC 9700 §4.12). */
export function sendTo(reply: HttpReply, url: string): void {
  reply.header('Cache-Control', 'no-store');
  reply.header('Referrer-Policy', 'no-referrer');
  reply.header('Location', url);
  reply.status(303).send();
}

/** OAuth 2.0 Form Post Response Mode §2. */
function formPost(action: string, parameters: Readonly<Record<string, string>>): string {
  const fields = Object.entries(parameters).map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>One moment</title></head>
<body><form method="post" action="${escapeHtml(action)}">${fields.join('')}<noscript><button>Continue</button></noscript></form>
<script>${submit}</script></body></html>`;
}
