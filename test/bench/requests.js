// Requests that several rows make.
import { clientIds, scopes } from './fixture.js';
import { bodyOf, formHeaders, postForm } from './http.js';

/** Sends a request as it is; gives the body. @throws Error unless the answer is 200 */
export async function askOnce({ url, method, headers, body }) {
  return bodyOf(await fetch(url, { method, headers, body }));
}

export function clientCredentials(running, kind, clientId = clientIds[kind]) {
  return formRequest(running, 'token', clientId, { grant_type: 'client_credentials', scope: scopes[kind] });
}

/** Of an opaque token that the client has just got. */
export async function introspection(running, clientId) {
  const { url } = clientCredentials(running, 'opaque');
  const form = { grant_type: 'client_credentials', scope: scopes.opaque };
  const { access_token: token } = await postForm(url, form, clientId, running.fixture.clientSecret);
  return formRequest(running, 'introspection', clientId, { token });
}

export function formRequest({ base, server, fixture }, endpoint, clientId, form) {
  return {
    method: 'POST',
    url: base + server.paths[endpoint],
    headers: formHeaders(clientId, fixture.clientSecret),
    body: new URLSearchParams(form).toString(),
  };
}
