// The servers under test: where their endpoints are, and how one gets a refresh token from them.
import { clientIds, person, scopes } from './fixture.js';
import { postForm } from './http.js';

const tessera = {
  title: 'Tessera',
  paths: {
    ready: '/.well-known/openid-configuration',
    discovery: '/.well-known/openid-configuration',
    keySet: '/.well-known/openid-configuration/jwks',
    authorize: '/connect/authorize',
    pushedAuthorization: '/connect/par',
    token: '/connect/token',
    introspection: '/connect/introspect',
    userinfo: '/connect/userinfo',
  },
  async refreshTokens(running, count) {
    return Promise.all(Array.from({ length: count }, () => refreshTokenByPassword(running)));
  },
};

/** See ServerProcess.start(). */
export const servers = named({
  tessera,
  'tessera-sqlite': { ...tessera, title: 'Tessera, SQLite', program: 'servers/tessera.js', database: 'full' },
  'tessera-sqlite-normal': {
    ...tessera,
    title: 'Tessera, SQLite normal',
    program: 'servers/tessera.js',
    database: 'normal',
  },
  'tessera-postgres': { ...tessera, title: 'Tessera, PostgreSQL', program: 'servers/tessera.js', database: 'postgres' },
  'oidc-provider': {
    title: 'oidc-provider',
    paths: {
      ready: '/.well-known/openid-configuration',
      discovery: '/.well-known/openid-configuration',
      keySet: '/jwks',
      authorize: '/auth',
      pushedAuthorization: '/request',
      token: '/token',
      introspection: '/token/introspection',
      userinfo: '/me',
    },
    async refreshTokens(running, count) {
      return (await running.ask({ refreshTokens: count })).refreshTokens;
    },
  },
  'bare-http': { title: 'node:http', paths: { ready: '/', token: '/' } },
  fastify: { title: 'Fastify', paths: { ready: '/', discovery: '/', keySet: '/' } },
  'nest-fastify': { title: 'Nest + Fastify', paths: { ready: '/', discovery: '/', keySet: '/' } },
});

/** Ours, and the one it is compared with. */
export const contenders = ['tessera', 'oidc-provider'];

/** Ours with its stores in a database, by what --stores calls that. */
export const storeServers = {
  sqlite: 'tessera-sqlite',
  'sqlite-normal': 'tessera-sqlite-normal',
  postgres: 'tessera-postgres',
};

/** Each with its key as `name`. */
function named(record) {
  return Object.fromEntries(Object.entries(record).map(([name, server]) => [name, { name, ...server }]));
}

async function refreshTokenByPassword({ base, fixture, server }) {
  const { username, password } = person;
  const scope = `openid offline_access ${scopes.RS256}`;
  const form = { grant_type: 'password', username, password, scope };
  const body = await postForm(base + server.paths.token, form, clientIds.refresh, fixture.clientSecret);
  return body.refresh_token;
}
