import type { Person } from '@tessera/grant-types';
import { protocolClaims } from '@tessera/protocol';
import type { Authentication } from '@tessera/resource-model';

/** What a token says. */
export type Claims = Readonly<Record<string, unknown>>;

/** RFC 9068 §2.2.1, OpenID Connect Core §2: how and when the person signed in. */
export function authenticationClaims({ authentication }: Person): Claims {
  const { time, methods, contextClass, sessionId } = authentication;
  return { auth_time: time, amr: methods.length > 0 ? methods : undefined, acr: contextClass, sid: sessionId };
}

/** How and when the person signed in, read back from the claims of a token about them. */
export function authenticationIn({ auth_time: time, amr, acr, sid }: Claims): Authentication {
  return {
    time: typeof time === 'number' ? time : 0,
    methods: Array.isArray(amr) ? amr.filter((method) => typeof method === 'string') : [],
    contextClass: typeof acr === 'string' ? acr : undefined,
    sessionId: typeof sid === 'string' ? sid : undefined,
  };
}

/** What the server says itself cannot be said by anybody else. */
export function withoutProtocolClaims(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !protocolClaims.has(name)));
}
