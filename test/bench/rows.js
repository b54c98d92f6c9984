// The rows of the table: what is asked, and what a right answer looks like.
import { createPublicKey, verify } from 'node:crypto';
import { signIn, walkCodeFlow } from './browser.js';
import { codeFlowOf } from './code-flow.js';
import {
  accessTokenLifetime,
  algorithms,
  audienceOf,
  clientIds,
  identityTokenLifetime,
  person,
  scopes,
  webScopes,
} from './fixture.js';
import { bodyOf, formHeaders, postForm } from './http.js';

/**
 * One row: `prepare` gives the request (for a chain also the first token of each connection, for a code flow the cookies of
 * each) and is told at last what for: 'check', 'warm-up' or 'load'. `ask` makes it once where that is more than to send it,
 * `check` throws unless the answer is the intended one.
 * `floors` are the servers that do the same with less; `stores` says that the row is run with the stores in databases as well.
 */
export const rows = [
  {
    name: 'discovery',
    title: 'discovery',
    floors: ['nest-fastify', 'fastify'],
    prepare: async ({ base, server }) => ({ method: 'GET', url: base + server.paths.discovery }),
    check: (body, { base }) => {
      expect(body.constant || body.issuer === base, 'issuer');
      expect(body.constant || body.token_endpoint.startsWith(base), 'token_endpoint');
    },
  },
  {
    name: 'keys',
    title: 'key set',
    floors: ['nest-fastify', 'fastify'],
    prepare: async ({ base, server }) => ({ method: 'GET', url: base + server.paths.keySet }),
    check: (body) => {
      expect(body.constant || body.keys.length === algorithms.length, 'as many keys as algorithms');
      expect(body.constant || body.keys.every((key) => key.kid && !key.d), 'public keys');
    },
  },
  ...algorithms.map((algorithm) => ({
    name: `client-credentials-${algorithm.toLowerCase()}`,
    title: `client_credentials, JWT ${algorithm}`,
    floors: ['bare-http'],
    // Once, to show that it costs what it costs in memory: it needs no store.
    stores: algorithm === 'ES256',
    prepare: async (running) => clientCredentials(running, algorithm),
    check: (body, running) => {
      checkTokenBody(body, scopes[algorithm]);
      checkJwt(body.access_token, algorithm, running, { sub: clientIds[algorithm], client_id: clientIds[algorithm] });
    },
  })),
  {
    name: 'client-credentials-opaque',
    title: 'client_credentials, opaque',
    floors: [],
    stores: true,
    prepare: async (running) => clientCredentials(running, 'opaque'),
    check: (body) => {
      checkTokenBody(body, scopes.opaque);
      expect(/^[\w-]{40,}$/.test(body.access_token), 'an opaque token');
    },
  },
  {
    name: 'introspection',
    title: 'introspection of an opaque token',
    floors: [],
    stores: true,
    prepare: async (running) => {
      const { url } = clientCredentials(running, 'opaque');
      const form = { grant_type: 'client_credentials', scope: scopes.opaque };
      const { access_token: token } = await postForm(url, form, clientIds.opaque, running.fixture.clientSecret);
      return formRequest(running, 'introspection', clientIds.opaque, { token });
    },
    check: (body) => {
      expect(body.active === true, 'active');
      expect(body.client_id === clientIds.opaque && body.scope === scopes.opaque, 'client_id and scope');
    },
  },
  {
    name: 'refresh',
    title: 'refresh with rotation, RS256 access and id token',
    floors: [],
    stores: true,
    /** Each answer's refresh token goes into the next request of its connection. */
    prepare: async (running, connections) => ({
      ...formRequest(running, 'token', clientIds.refresh, {}),
      chain: await running.server.refreshTokens(running, connections),
    }),
    ask: (request) => askOnce({ ...request, body: refreshBody(request.chain[0]) }),
    check: (body, running, request) => {
      checkPersonTokens(body, running, clientIds.refresh);
      expect(body.refresh_token && !request.chain.includes(body.refresh_token), 'a new refresh token');
    },
  },
  codeFlow('code-flow', 'code flow: authorize + token, RS256 access and id token', clientIds.web),
  codeFlow('code-flow-offline', 'the same with a refresh token', clientIds.webOffline),
  userinfo('userinfo', 'userinfo, by its usual access token', clientIds.profile),
  userinfo('userinfo-opaque', 'userinfo, by an opaque access token', clientIds.profileOpaque),
];

/** Sends a request as it is; gives the body. @throws Error unless the answer is 200 */
export async function askOnce({ url, method, headers, body }) {
  return bodyOf(await fetch(url, { method, headers, body }));
}

/** Somebody who is signed in and has agreed before: the authorize endpoint answers at once. A browser for each connection. */
function codeFlow(name, title, clientId) {
  const refreshToken = clientId === clientIds.webOffline;
  return {
    name,
    title,
    floors: [],
    stores: true,
    prepare: async (running, connections) => {
      const flow = codeFlowOf(running, { clientId, scope: webScopes[clientId], refreshToken });
      const cookies = await Promise.all(Array.from({ length: connections }, () => signIn(running, flow)));
      return { url: running.base, codeFlow: flow, cookies };
    },
    ask: ({ url, codeFlow: flow, cookies }) => walkCodeFlow(url, flow, cookies[0]),
    check: (body, running) => {
      checkPersonTokens(body, running, clientId, { nonce: body.nonce });
      expect((body.refresh_token !== undefined) === refreshToken, `refresh token: ${refreshToken}`);
    },
  };
}

/** With an access token from a code flow. */
function userinfo(name, title, clientId) {
  return {
    name,
    title,
    floors: [],
    stores: clientId === clientIds.profileOpaque,
    prepare: async (running) => {
      const flow = codeFlowOf(running, { clientId, scope: webScopes[clientId] });
      const body = await walkCodeFlow(running.base, flow, await signIn(running, flow));
      const headers = { authorization: `Bearer ${body.access_token}` };
      return { method: 'GET', url: running.base + running.server.paths.userinfo, headers };
    },
    check: (body) => {
      const wanted = { sub: person.subject, ...person.claims };
      for (const [claim, value] of Object.entries(wanted)) expect(body[claim] === value, `claim ${claim} = ${value}`);
    },
  };
}

/** The body of a refresh. */
export function refreshBody(refreshToken) {
  return `grant_type=refresh_token&refresh_token=${refreshToken}`;
}

function clientCredentials(running, kind) {
  return formRequest(running, 'token', clientIds[kind], { grant_type: 'client_credentials', scope: scopes[kind] });
}

function formRequest({ base, server, fixture }, endpoint, clientId, form) {
  return {
    method: 'POST',
    url: base + server.paths[endpoint],
    headers: formHeaders(clientId, fixture.clientSecret),
    body: new URLSearchParams(form).toString(),
  };
}

function checkTokenBody(body, scope) {
  expect(body.token_type === 'Bearer' && body.expires_in === accessTokenLifetime, 'token_type and expires_in');
  expect(body.scope.split(' ').includes(scope), `scope ${scope}`);
}

/** What a sign-in gives a client, at first and by each refresh. */
function checkPersonTokens(body, running, clientId, more = {}) {
  checkTokenBody(body, scopes.RS256);
  checkJwt(body.access_token, 'RS256', running, { sub: person.subject, client_id: clientId });
  const wanted = { aud: clientId, sub: person.subject, ...more };
  checkJwt(body.id_token, 'RS256', running, wanted, identityTokenLifetime);
}

function checkJwt(token, algorithm, { base, fixture }, expected, lifetime = accessTokenLifetime) {
  const [header, payload, signature, ...more] = token.split('.');
  const { alg } = decode(header);
  const { kid, privateJwk } = fixture.keys.find((key) => key.algorithm === algorithm);
  expect(more.length === 0 && alg === algorithm && decode(header).kid === kid, `a JWT signed with ${algorithm}`);
  const key = createPublicKey({ key: privateJwk, format: 'jwk' });
  const hash = algorithm === 'EdDSA' ? null : 'sha256';
  const data = Buffer.from(`${header}.${payload}`);
  const bytes = Buffer.from(signature, 'base64url');
  expect(verify(hash, data, { key, dsaEncoding: 'ieee-p1363' }, bytes), 'a right signature');
  const claims = decode(payload);
  const wanted = { iss: base, aud: audienceOf(scopes[algorithm]), ...expected };
  for (const [name, value] of Object.entries(wanted)) expect(claims[name] === value, `claim ${name} = ${value}`);
  expect(claims.exp - claims.iat === lifetime, 'exp');
}

function decode(part) {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}

function expect(holds, what) {
  if (!holds) throw new Error(`The answer is not the intended one: expected ${what}.`);
}
