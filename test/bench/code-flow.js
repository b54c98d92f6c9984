// The client's side of the authorization code flow with a proof key (RFC 6749 §4.1, RFC 7636), pushed or not (RFC 9126).
import { hash, randomBytes } from 'node:crypto';
import { redirectUri } from './fixture.js';
import { formHeaders } from './http.js';

/** What one flow needs to know about client and server; plain data, so that it can go to the process that makes the load. */
export function codeFlowOf({ server, fixture }, { clientId, scope, refreshToken = false, isPushed = false }) {
  const { authorize, token, pushedAuthorization } = server.paths;
  const clientHeaders = formHeaders(clientId, fixture.clientSecret);
  return { clientId, scope, refreshToken, authorize, token, pushed: isPushed && pushedAuthorization, clientHeaders };
}

/** A new authorize request: state, nonce and verifier are never used twice. */
export function startFlow({ clientId, scope, authorize }) {
  const [state, nonce, verifier] = [16, 16, 32].map((bytes) => randomBytes(bytes).toString('base64url'));
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope,
    state,
    nonce,
    code_challenge: hash('sha256', verifier, 'base64url'),
    code_challenge_method: 'S256',
  });
  return { parameters: query.toString(), path: `${authorize}?${query}`, state, nonce, verifier };
}

/** Where the browser goes when the request was pushed; undefined where the answer to that is not the intended one. */
export function pushedPath(status, text, { clientId, authorize }) {
  if (status !== 201) return undefined;
  const { request_uri } = JSON.parse(text);
  return request_uri && `${authorize}?${new URLSearchParams({ client_id: clientId, request_uri })}`;
}

/** The code that an answer of the authorize endpoint sends to the client; undefined for any other answer. */
export function codeOf(status, location, { state }) {
  if (![302, 303].includes(status) || !location?.startsWith(`${redirectUri}?`)) return undefined;
  const answer = new URL(location).searchParams;
  return answer.get('state') === state ? (answer.get('code') ?? undefined) : undefined;
}

export function tokenForm(code, { verifier }) {
  return new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  }).toString();
}

/** Whether an answer of the token endpoint is the one that the flow is for. */
export function isComplete(status, text, { refreshToken }) {
  if (status !== 200) return false;
  const body = JSON.parse(text);
  return Boolean(body.access_token && body.id_token) && (body.refresh_token !== undefined) === refreshToken;
}
