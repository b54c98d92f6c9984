// The rows of clients that prove more than a secret: as those of rows.js.
import { checkIntrospection, checkJwt, checkTokenBody, expect, readJwt } from './answers.js';
import { clientIds, highAssurance, scopes } from './fixture.js';
import { textOf } from './http.js';
import { newKey } from './new-key.js';
import { askOnce, clientCredentials, introspection } from './requests.js';
import { signing, thumbprintOf } from './signed-requests.js';

export const highAssuranceRows = [
  {
    name: 'introspection-jwt',
    title: `introspection of an opaque token, answered with a JWT ${highAssurance}`,
    floors: [],
    prepare: async (running) => {
      const { headers, ...request } = await introspection(running, clientIds.introspectionJwt);
      return { ...request, headers: { ...headers, accept: 'application/token-introspection+jwt' } };
    },
    ask: async ({ url, ...request }) => textOf(await fetch(url, request)),
    check: (jwt, { base, fixture }) => {
      const { header, claims } = readJwt(jwt, highAssurance, fixture);
      expect(header.typ === 'token-introspection+jwt' && claims.iss === base, 'typ and iss');
      checkIntrospection(claims.token_introspection, clientIds.introspectionJwt);
    },
  },
  {
    name: 'client-credentials-private-key-jwt',
    title: `client_credentials, private_key_jwt, all ${highAssurance}`,
    floors: [],
    stores: true,
    prepare: async (running, connections) => {
      const { base, fixture } = running;
      const { headers, ...request } = clientCredentials(running, highAssurance, clientIds.signed);
      const signer = { way: 'assertion', privateJwk: fixture.clientKey, clientId: clientIds.signed, issuer: base };
      const signers = Array.from({ length: connections }, () => signer);
      return { ...request, headers: { 'content-type': headers['content-type'] }, signers };
    },
    ask: askSigned,
    check: (body, running) => {
      checkTokenBody(body, scopes[highAssurance]);
      checkJwt(body.access_token, highAssurance, running, { sub: clientIds.signed, client_id: clientIds.signed });
    },
  },
  {
    name: 'client-credentials-dpop',
    title: `client_credentials, bound by DPoP, all ${highAssurance}`,
    floors: [],
    stores: true,
    /** A key for each connection. */
    prepare: async (running, connections) => ({
      ...clientCredentials(running, highAssurance, clientIds.bound),
      signers: Array.from({ length: connections }, () => ({ way: 'proof', privateJwk: newKey(highAssurance) })),
    }),
    ask: askSigned,
    check: (body, running, { signers }) => {
      checkTokenBody(body, scopes[highAssurance], 'DPoP');
      const wanted = { sub: clientIds.bound, client_id: clientIds.bound };
      const { cnf } = checkJwt(body.access_token, highAssurance, running, wanted);
      expect(cnf?.jkt === thumbprintOf(signers[0].privateJwk), 'cnf.jkt of the key of the proof');
    },
  },
];

/** Signs a request and sends it. The same signature must not count again, nor the request without one. */
async function askSigned({ signers, ...request }) {
  const signed = signing(signers[0])(request);
  const body = await askOnce(signed);
  for (const wrong of [signed, request]) {
    const { status } = await fetch(wrong.url, wrong);
    expect(
      [400, 401].includes(status),
      `that a request whose signature was used, or is missing, is refused, not ${status}`,
    );
  }
  return body;
}
