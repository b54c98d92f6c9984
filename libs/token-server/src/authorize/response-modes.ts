import type { Client } from '@tessera/resource-model';
import type { ResponseType } from './response-types.js';

/** A way in which an answer travels to the client. */
export interface ResponseMode {
  /** What `response_mode` says. */
  readonly name: string;
  /** What carries the parameters through the browser. */
  readonly carrier: 'query' | 'fragment' | 'form_post';
  /** Whether they stand in a JWT, and not bare. */
  readonly isJwt: boolean;
}

/** Multiple Response Types §2.1, Form Post Response Mode §2; in a JWT: JWT Secured Authorization Response Mode (JARM) §2.3. */
export const responseModes: readonly ResponseMode[] = [
  { name: 'query', carrier: 'query', isJwt: false },
  { name: 'fragment', carrier: 'fragment', isJwt: false },
  { name: 'form_post', carrier: 'form_post', isJwt: false },
  { name: 'query.jwt', carrier: 'query', isJwt: true },
  { name: 'fragment.jwt', carrier: 'fragment', isJwt: true },
  { name: 'form_post.jwt', carrier: 'form_post', isJwt: true },
];

/** JARM §2.3.4: in a JWT, by the usual carrier of the response type. */
export const usualJwt = 'jwt';

/** All that a request may say. */
export const responseModeNames: readonly string[] = [...responseModes.map(({ name }) => name), usualJwt];

/** The mode that a request asks for, or that is meant where it says nothing; undefined: there is no such mode. */
export function findResponseMode(name: string | undefined, type: ResponseType): ResponseMode | undefined {
  if (name === undefined) return modeOf(usualCarrier(type), false);
  if (name === usualJwt) return modeOf(usualCarrier(type), true);
  return responseModes.find((mode) => mode.name === name);
}

/** Why the client cannot be answered in the mode, as a sentence for it; undefined: it can. */
export function modeFault(mode: ResponseMode, type: ResponseType, client: Client): string | undefined {
  if (client.requireSignedAuthorizationResponse && !mode.isJwt) {
    return `response_mode '${mode.name}' is not for this client, which takes signed answers alone: use ${usualJwt}.`;
  }
  if (mode.carrier !== 'query' || usualCarrier(type) === 'query') return undefined;
  if (!mode.isJwt) return "response_mode 'query' is not for tokens: use fragment or form_post.";
  // JARM §2.3.1: an address is seen by many; what only the client can read may stand there.
  if (client.authorizationEncryptedResponseAlg !== undefined) return undefined;
  return "response_mode 'query.jwt' is not for tokens unless the JWT is encrypted: use fragment.jwt or form_post.jwt.";
}

/** The mode nearest to the one asked for in which the client can be told of a fault. */
export function modeOfRefusal(asked: ResponseMode, type: ResponseType, client: Client): ResponseMode {
  const isJwt = asked.isJwt || client.requireSignedAuthorizationResponse;
  const same = modeOf(asked.carrier, isJwt);
  // A client that listens to the fragment does not look at the query.
  return modeFault(same, type, client) === undefined ? same : modeOf(usualCarrier(type), isJwt);
}

/** OAuth 2.0 Multiple Response Types §5: whatever carries a token goes into the fragment, which no server sees. */
function usualCarrier({ idToken, token }: ResponseType): ResponseMode['carrier'] {
  return idToken || token ? 'fragment' : 'query';
}

function modeOf(carrier: ResponseMode['carrier'], isJwt: boolean): ResponseMode {
  return responseModes.find((mode) => mode.carrier === carrier && mode.isJwt === isJwt)!;
}
