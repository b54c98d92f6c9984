// How the peers verify a token: each as its documentation shows it, all with the same checks where they have them.
import { createPublicKey } from 'node:crypto';
import { JwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { createVerifier } from 'fast-jwt';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { algorithms, audience } from './tokens.js';

const typ = 'at+jwt';

/** @param keySet of createRemoteJWKSet() or createLocalJWKSet() */
export function joseVerifier(issuer, keySet) {
  const options = { issuer, audience, typ, algorithms, requiredClaims: ['exp'] };
  return async (token) => (await jwtVerify(token, keySet, options)).payload;
}

export function remoteJoseVerifier({ issuer, jwksUri }) {
  return joseVerifier(issuer, createRemoteJWKSet(new URL(jwksUri)));
}

/** Takes its keys as PEM; how they come from a key set is left to who uses it. See pemKeys(). */
export function fastJwtVerifier({ issuer, jwksUri }, { cache }) {
  const pemOf = pemKeys(jwksUri);
  return createVerifier({ key: ({ header }) => pemOf(header.kid), cache, ...fastJwtChecks(issuer) });
}

export function fastJwtChecks(issuer) {
  return { algorithms, allowedIss: issuer, allowedAud: audience, checkTyp: typ, requiredClaims: ['exp'] };
}

export function awsJwtVerifier({ issuer, jwksUri }) {
  // Its own fetcher takes https alone.
  const fetcher = { fetch: async (url) => (await fetch(url)).arrayBuffer() };
  const customJwtCheck = ({ header }) => {
    if (header.typ !== typ) throw new Error('Not an access token.');
  };
  return JwtVerifier.create(
    { issuer, audience, jwksUri, scope: null, customJwtCheck },
    { jwksCache: new SimpleJwksCache({ fetcher }) },
  );
}

/** The keys of a key set as PEM, by kid; each fetched and turned into PEM once. */
export function pemKeys(jwksUri) {
  const known = new Map();
  return async (kid) => {
    if (!known.has(kid)) {
      const { keys } = await (await fetch(jwksUri)).json();
      for (const key of keys) known.set(key.kid, pemOf(key));
    }
    return known.get(kid);
  };
}

function pemOf(key) {
  return createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
}
