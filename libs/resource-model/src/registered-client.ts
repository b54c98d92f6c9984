import type { Client } from './client.js';
import type { HandleHash } from './handle.js';

/** A client that registered itself (RFC 7591), and what it is managed with. */
export interface RegisteredClient {
  readonly client: Client;
  /** Of the registration access token, which alone may read, change and remove the registration (RFC 7592 §1.2). */
  readonly accessTokenHash: HandleHash;
  /** Seconds since 1970. */
  readonly registeredAt: number;
  /** The name of the initial access token that it was registered with, whose policy goes on to hold. */
  readonly initialAccessToken?: string;
  /** Seconds since 1970 at which the registration ends, unless somebody has got something through the client by then; undefined: it is kept. */
  readonly unusedUntil?: number;
}

const form = /^dyn_[\w-]{22}$/;

/** Whether an id has the form of those that registered clients get: no other one is looked for. */
export function isRegisteredClientId(clientId: string): boolean {
  return form.test(clientId);
}

/** Whether an id has the form of those that clients get, or bring, whom nobody need have configured: they registered, or their id is the address of a document. */
export function isStrangersClientId(clientId: string): boolean {
  return isRegisteredClientId(clientId) || clientId.startsWith('https://');
}

/** Makes the id of a registered client of 22 random characters. */
export function registeredClientId(random: string): string {
  return `dyn_${random}`;
}
