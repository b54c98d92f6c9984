// The rows of the table: what is asked, and what a right answer looks like.
import { checkIntrospection, checkJwt, checkPersonTokens, checkTokenBody, expect } from './answers.js';
import { signIn, walkCodeFlow } from './browser.js';
import { codeFlowOf } from './code-flow.js';
import { algorithms, clientIds, highAssurance, person, scopes, webScopes } from './fixture.js';
import { highAssuranceRows } from './high-assurance-rows.js';
import { askOnce, clientCredentials, formRequest, introspection } from './requests.js';

/**
 * One row: `prepare` gives the request (for a chain also the first token of each connection, for a code flow the cookies of
 * each, for signed requests the signer of each) and is told at last what for: 'check', 'warm-up' or 'load'. `ask` makes it
 * once where that is more than to send it, `check` throws unless the answer is the intended one.
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
    prepare: async (running) => introspection(running, clientIds.opaque),
    check: (body) => checkIntrospection(body, clientIds.opaque),
  },
  ...highAssuranceRows,
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
      checkPersonTokens(body, running, { clientId: clientIds.refresh, algorithm: 'RS256' });
      expect(body.refresh_token && !request.chain.includes(body.refresh_token), 'a new refresh token');
    },
  },
  codeFlow('code-flow', 'code flow: authorize + token, RS256 access and id token', clientIds.web),
  codeFlow('code-flow-offline', 'the same with a refresh token', clientIds.webOffline),
  codeFlow('code-flow-pushed', `code flow, pushed: PAR + authorize + token, ${highAssurance}`, clientIds.pushed),
  userinfo('userinfo', 'userinfo, by its usual access token', clientIds.profile),
  userinfo('userinfo-opaque', 'userinfo, by an opaque access token', clientIds.profileOpaque),
];

/** Somebody who is signed in and has agreed before: the authorize endpoint answers at once. A browser for each connection. */
function codeFlow(name, title, clientId) {
  const refreshToken = clientId === clientIds.webOffline;
  return {
    name,
    title,
    floors: [],
    stores: true,
    prepare: async (running, connections) => {
      const isPushed = clientId === clientIds.pushed;
      const flow = codeFlowOf(running, { clientId, scope: webScopes[clientId], refreshToken, isPushed });
      const cookies = await Promise.all(Array.from({ length: connections }, () => signIn(running, flow)));
      return { url: running.base, codeFlow: flow, cookies };
    },
    ask: ({ url, codeFlow: flow, cookies }) => walkCodeFlow(url, flow, cookies[0]),
    check: (body, running) => {
      const algorithm = clientId === clientIds.pushed ? highAssurance : 'RS256';
      checkPersonTokens(body, running, { clientId, algorithm, nonce: body.nonce });
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
