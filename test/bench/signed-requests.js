// Requests that their client signs anew each time: with an assertion (RFC 7523 §2.2) or a DPoP proof (RFC 9449 §4).
import { createPrivateKey, hash, randomUUID, sign } from 'node:crypto';
import { highAssurance, publicJwkOf } from './fixture.js';

/** Seconds that an assertion lives. */
const assertionLifetime = 60;

const assertionType = encodeURIComponent('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');

/** The ways to sign: each gives a function that signs a request. */
const ways = {
  assertion({ privateJwk, clientId, issuer }) {
    const jws = jwsOf(privateJwk, { typ: 'client-authentication+jwt', kid: clientId });
    return (request) => {
      const iat = now();
      const claims = {
        iss: clientId,
        sub: clientId,
        aud: issuer,
        jti: randomUUID(),
        iat,
        exp: iat + assertionLifetime,
      };
      const assertion = `client_assertion_type=${assertionType}&client_assertion=${jws(claims)}`;
      return { ...request, body: `${request.body}&${assertion}` };
    };
  },
  proof({ privateJwk }) {
    const jws = jwsOf(privateJwk, { typ: 'dpop+jwt', jwk: publicJwkOf(privateJwk) });
    return (request) => {
      const claims = { htm: request.method, htu: request.url, jti: randomUUID(), iat: now() };
      return { ...request, headers: { ...request.headers, dpop: jws(claims) } };
    };
  },
};

/** @param signer plain data, so that it can go to the process that makes the load: `way` and what that needs */
export function signing(signer) {
  return ways[signer.way](signer);
}

/** One signer for each connection. */
export class SignedRequests {
  constructor({ signers, ...request }) {
    this.request = request;
    this.signers = [...signers];
  }

  attach(client) {
    const { method, headers } = this.request;
    const signed = signing(this.signers.pop());
    client.setRequests([{ method, headers, setupRequest: (request) => ({ ...request, ...this.#parts(signed) }) }]);
  }

  #parts(signed) {
    const { headers, body } = signed(this.request);
    return { headers, body };
  }
}

/** RFC 7638. */
export function thumbprintOf({ crv, kty, x, y }) {
  return hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url');
}

function jwsOf(privateJwk, more) {
  const input = { key: createPrivateKey({ key: privateJwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' };
  const header = encode({ alg: highAssurance, ...more });
  return (claims) => {
    const data = `${header}.${encode(claims)}`;
    return `${data}.${sign('sha256', Buffer.from(data), input).toString('base64url')}`;
  };
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function now() {
  return Math.floor(Date.now() / 1000);
}
