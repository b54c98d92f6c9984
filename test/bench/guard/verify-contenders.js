// Who verifies tokens in verify.js, and what each is given.
import { createPublicKey, verify } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { AccessTokenVerifier, JwtGuardModule } from '@tessera/jwt-guard';
import { createVerifier } from 'fast-jwt';
import { createLocalJWKSet, createRemoteJWKSet } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { audience, digestOf } from './tokens.js';
import { awsJwtVerifier, fastJwtChecks, fastJwtVerifier, joseVerifier } from './verifiers.js';

/** Those that jsonwebtoken knows. */
const withoutEdDSA = ['RS256', 'ES256'];

/**
 * `start` gives `verify`: from what `given` makes of a token to its subject, or a promise of it.
 * `sync`: it is no promise. `fresh`: no token twice. `repeated`: a few tokens, all seen before. `bare`: gives true instead.
 */
export const contenders = [
  contender('node:crypto', { start: bare, given: signatureOf, sync: true, bare: true }),
  contender('Tessera, first seen', { start: (run) => tessera(run), fresh: true }),
  contender('Tessera, first seen, cache off', { start: (run) => tessera(run, { tokenCache: false }), fresh: true }),
  contender('Tessera, repeated', { start: (run) => tessera(run), repeated: true }),
  contender('jose, local key set', { start: ({ issuer, key }) => jose(issuer, createLocalJWKSet(keySetOf(key))) }),
  contender('jose, remote key set', {
    start: ({ issuer, jwksUri }) => jose(issuer, createRemoteJWKSet(new URL(jwksUri))),
  }),
  contender('jsonwebtoken, KeyObject', {
    start: (run) => jwt(run, run.key.publicKey),
    algorithms: withoutEdDSA,
    sync: true,
  }),
  contender('jsonwebtoken, PEM', { start: (run) => jwt(run, pemOf(run.key)), algorithms: withoutEdDSA, sync: true }),
  contender('fast-jwt, one PEM', { start: fastJwtWithOneKey, sync: true }),
  contender('fast-jwt, key set', { start: (run) => fastJwt(run, false) }),
  contender('fast-jwt, repeated', { start: (run) => fastJwt(run, true), repeated: true }),
  contender('aws-jwt-verify', { start: (run) => aws(run, 'verify') }),
  contender('aws-jwt-verify, verifySync', { start: (run) => aws(run, 'verifySync'), sync: true }),
];

function contender(name, more) {
  return { name, given: (token) => token, ...more };
}

/** The signature check that all the others need as well, and nothing around it. */
function bare({ key: { algorithm, publicKey } }) {
  const digest = digestOf(algorithm);
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' };
  return { verify: ({ input, signature }) => verify(digest, input, key, signature) };
}

function signatureOf(token) {
  const dot = token.lastIndexOf('.');
  return { input: Buffer.from(token.slice(0, dot)), signature: Buffer.from(token.slice(dot + 1), 'base64url') };
}

/** The verifier of the guard, out of its module. */
async function tessera({ issuer }, options = {}) {
  const module = JwtGuardModule.forRoot({ issuer, audience, ...options });
  const app = await NestFactory.createApplicationContext(module, { logger: ['error', 'fatal'] });
  const verifier = app.get(AccessTokenVerifier);
  return { verify: async (token) => (await verifier.verify(token)).subject, stop: () => app.close() };
}

function jose(issuer, keySet) {
  const verifier = joseVerifier(issuer, keySet);
  return { verify: async (token) => (await verifier(token)).sub };
}

function jwt({ issuer, key: { algorithm } }, key) {
  const options = { issuer, audience, algorithms: [algorithm] };
  return { verify: (token) => jsonwebtoken.verify(token, key, options).sub };
}

/** At its fastest: without a key set, the one key is read once. */
function fastJwtWithOneKey({ issuer, key }) {
  const checks = { ...fastJwtChecks(issuer), algorithms: [key.algorithm] };
  const verifier = createVerifier({ key: pemOf(key), cache: false, ...checks });
  return { verify: (token) => verifier(token).sub };
}

function fastJwt(run, cache) {
  const verifier = fastJwtVerifier(run, { cache });
  return { verify: async (token) => (await verifier(token)).sub };
}

async function aws(run, method) {
  const verifier = awsJwtVerifier(run);
  await verifier.hydrate();
  if (method === 'verifySync') return { verify: (token) => verifier.verifySync(token).sub };
  return { verify: async (token) => (await verifier.verify(token)).sub };
}

function keySetOf({ publicJwk, kid, algorithm }) {
  return { keys: [{ ...publicJwk, kid, alg: algorithm, use: 'sig' }] };
}

function pemOf({ publicJwk }) {
  return createPublicKey({ key: publicJwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
}
