// What is looked at in an answer before a row counts.
import { createPublicKey, verify } from 'node:crypto';
import { accessTokenLifetime, audienceOf, identityTokenLifetime, person, scopes } from './fixture.js';

export function checkTokenBody(body, scope, type = 'Bearer') {
  expect(body.token_type === type && body.expires_in === accessTokenLifetime, 'token_type and expires_in');
  expect(body.scope.split(' ').includes(scope), `scope ${scope}`);
}

export function checkIntrospection(body, clientId) {
  expect(body.active === true, 'active');
  expect(body.client_id === clientId && body.scope === scopes.opaque, 'client_id and scope');
}

/** What a sign-in gives a client, at first and by each refresh. */
export function checkPersonTokens(body, running, { clientId, algorithm, ...more }) {
  checkTokenBody(body, scopes[algorithm]);
  checkJwt(body.access_token, algorithm, running, { sub: person.subject, client_id: clientId });
  const wanted = { aud: clientId, sub: person.subject, ...more };
  checkJwt(body.id_token, algorithm, running, wanted, identityTokenLifetime);
}

/** The claims of a token of the server, with those that are expected among them. */
export function checkJwt(token, algorithm, { base, fixture }, expected, lifetime = accessTokenLifetime) {
  const { claims } = readJwt(token, algorithm, fixture);
  const wanted = { iss: base, aud: audienceOf(scopes[algorithm]), ...expected };
  for (const [name, value] of Object.entries(wanted)) expect(claims[name] === value, `claim ${name} = ${value}`);
  expect(claims.exp - claims.iat === lifetime, 'exp');
  return claims;
}

/** @throws Error unless it is signed with the server's key of that algorithm */
export function readJwt(token, algorithm, fixture) {
  const [encodedHeader, payload, signature, ...more] = token.split('.');
  const header = decode(encodedHeader);
  const { kid, privateJwk } = fixture.keys.find((key) => key.algorithm === algorithm);
  expect(more.length === 0 && header.alg === algorithm && header.kid === kid, `a JWT signed with ${algorithm}`);
  const key = createPublicKey({ key: privateJwk, format: 'jwk' });
  const hash = algorithm === 'EdDSA' ? null : 'sha256';
  const data = Buffer.from(`${encodedHeader}.${payload}`);
  const bytes = Buffer.from(signature, 'base64url');
  expect(verify(hash, data, { key, dsaEncoding: 'ieee-p1363' }, bytes), 'a right signature');
  return { header, claims: decode(payload) };
}

export function expect(holds, what) {
  if (!holds) throw new Error(`The answer is not the intended one: expected ${what}.`);
}

function decode(part) {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}
