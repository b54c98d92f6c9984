// The APIs under test. One program, api.js, is all of them.

/** `stack` is the file in stacks/, and what follows is for it; `algorithms` are those it knows, where that is not all. */
const stacks = {
  open: { title: 'unprotected', stack: 'open', readyStatus: 200 },
  idle: { title: 'a guard that does nothing', stack: 'idle', readyStatus: 200 },
  tessera: { title: 'Tessera', stack: 'tessera' },
  'tessera-uncached': { title: 'Tessera, cache off', stack: 'tessera', tokenCache: false },
  'tessera-passport': { title: 'Tessera as Passport strategy', stack: 'tessera-passport' },
  'passport-jwt': { title: 'passport-jwt + jwks-rsa', stack: 'passport-jwt', algorithms: ['RS256', 'ES256'] },
  'oauth2-jwt-bearer': { title: 'express-oauth2-jwt-bearer', stack: 'oauth2-jwt-bearer' },
  'fast-jwt': { title: 'fast-jwt', stack: 'fast-jwt', cache: false },
  'fast-jwt-cached': { title: 'fast-jwt, cache on', stack: 'fast-jwt', cache: true },
  'fastify-jwt': { title: '@fastify/jwt, cache on', stack: 'fastify-jwt' },
  'aws-jwt-verify': { title: 'aws-jwt-verify', stack: 'aws-jwt-verify' },
  jose: { title: 'jose', stack: 'jose' },
};

const onFastify = Object.keys(stacks).filter((name) => name !== 'oauth2-jwt-bearer');
const onExpress = [
  'open',
  'idle',
  'tessera',
  'tessera-uncached',
  'tessera-passport',
  'passport-jwt',
  'oauth2-jwt-bearer',
];

/** See ServerProcess.start(). */
export const servers = Object.fromEntries([
  ...onFastify.map((name) => serverOf('fastify', 'Nest + Fastify', name)),
  ...onExpress.map((name) => serverOf('express', 'Nest + Express', name)),
]);

/** What a server is compared with, on the same adapter. */
export function besides({ adapter }) {
  return { open: `${adapter}-open`, idle: `${adapter}-idle`, usual: `${adapter}-passport-jwt` };
}

function serverOf(adapter, adapterTitle, stack) {
  const name = `${adapter}-${stack}`;
  const { title, ...more } = stacks[stack];
  const server = { readyStatus: 401, ...more, name, adapter, title: `${adapterTitle}: ${title}` };
  return [name, { ...server, program: 'guard/api.js', paths: { ready: '/things' } }];
}
