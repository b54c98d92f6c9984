import { hash } from 'node:crypto';
import { randomText } from '@tessera/resource-model';

/** What the browser's own part of `session_state` is while a session lasts (OpenID Connect Session Management §3.2). */
export function browserState(sessionId: string): string {
  return hash('sha256', `browser-state ${sessionId}`, 'base64url');
}

/** `session_state` for a client's page (OpenID Connect Session Management §2, §4.2): the session frame computes the same, and compares. */
export function sessionState(clientId: string, redirectUri: string, sessionId: string): string {
  const salt = randomText(12);
  const { origin } = new URL(redirectUri);
  return `${hash('sha256', `${clientId} ${origin} ${browserState(sessionId)} ${salt}`, 'hex')}.${salt}`;
}
