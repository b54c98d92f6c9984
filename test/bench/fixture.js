// What every server under test is given: the same keys, the same clients, the same secret.
import { readFileSync } from 'node:fs';

export const algorithms = ['RS256', 'ES256', 'EdDSA'];

/** Which server it is to be, where it finds its fixture, and where it listens. */
export const nameVariable = 'BENCH_SERVER';
export const fixtureVariable = 'BENCH_FIXTURE';
export const portVariable = 'BENCH_PORT';
/** The URL of the database of its stores; none: they are in memory. */
export const databaseVariable = 'BENCH_DATABASE';

/** Seconds, at all servers. */
export const accessTokenLifetime = 3600;
export const identityTokenLifetime = 300;
export const authorizationCodeLifetime = 60;
export const refreshTokenLifetime = 14 * 86_400;
export const sessionLifetime = 14 * 86_400;

export const person = {
  subject: '1',
  username: 'alice',
  password: 'correct horse battery staple',
  claims: { name: 'Alice Smith', given_name: 'Alice', family_name: 'Smith', locale: 'en', zoneinfo: 'Europe/London' },
};

/** Where the clients of people get their codes; nobody listens there. */
export const redirectUri = 'https://client.example.com/callback';

/** One scope, one API and one client for each way of making a token. */
export const scopes = { RS256: 'api.rs256', ES256: 'api.es256', EdDSA: 'api.eddsa', opaque: 'api.opaque' };
export const clientIds = {
  ...mapValues(scopes, (scope) => `${scope}.client`),
  refresh: 'refresh.client',
  web: 'web.client',
  webOffline: 'web.offline.client',
  profile: 'profile.client',
  profileOpaque: 'profile.opaque.client',
  signed: 'signed.client',
  bound: 'bound.client',
  pushed: 'pushed.client',
  introspectionJwt: 'introspection.jwt.client',
};

/** The clients that people sign in for, and what each asks for. */
export const webScopes = {
  [clientIds.web]: `openid ${scopes.RS256}`,
  [clientIds.webOffline]: `openid ${scopes.RS256} offline_access`,
  [clientIds.profile]: 'openid profile',
  [clientIds.profileOpaque]: 'openid profile',
  [clientIds.pushed]: `openid ${scopes.ES256}`,
};

/** What the clients of high assurance sign with, and what is signed for them. */
export const highAssurance = 'ES256';

/** The public half of a private key, as a client registers it. */
export function publicJwkOf({ kty, crv, x, y }) {
  return { kty, crv, x, y };
}

/** The API that a scope belongs to, as both servers put it into `aud`. */
export function audienceOf(scope) {
  return `urn:bench:${scope}`;
}

/** For the servers under test. */
export function readFixture() {
  const port = Number(process.env[portVariable]);
  const fixture = JSON.parse(readFileSync(process.env[fixtureVariable], 'utf8'));
  const name = process.env[nameVariable];
  return { ...fixture, name, port, base: `http://127.0.0.1:${port}`, database: process.env[databaseVariable] };
}

function mapValues(record, change) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
