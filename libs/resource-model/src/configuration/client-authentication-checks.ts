import { type SecretAlgorithm, secretAlgorithms, type TokenEndpointAuthMethod } from '@tessera/protocol';
import { mayAuthenticateBy } from '../client-authentication.js';
import type { Client } from '../client.js';
import type { Fault } from './fault.js';

type At = (property: keyof Client, value: unknown, problem: string) => Fault;

/** Whether the client can prove who it is in the way that it names, or in any. */
export function authenticationContradictions(client: Client, at: At): Fault[] {
  return [
    ...lackingProof(client, at),
    ...publicContradictions(client, at),
    ...keyContradictions(client, at),
    ...algorithmContradictions(client, at),
  ];
}

/** A way that a client may name, and what it cannot be without. */
interface Need {
  readonly property: keyof Client;
  readonly isMet: (client: Client) => boolean;
  readonly problem: string;
}

const secret: Need = {
  property: 'clientSecrets',
  isMet: ({ clientSecrets }) => clientSecrets.length > 0,
  problem:
    'a client with requireClientSecret needs at least one: add one, or keys (jwks, jwksUri), or set requireClientSecret: false for a public client',
};

const needs: Readonly<Partial<Record<TokenEndpointAuthMethod, Need>>> = {
  client_secret_basic: secret,
  client_secret_post: secret,
  client_secret_jwt: {
    property: 'assertionSecret',
    isMet: ({ assertionSecret }) => assertionSecret !== undefined,
    problem: 'is needed for client_secret_jwt: e.g. openssl rand -base64 48',
  },
  private_key_jwt: keysFor('private_key_jwt'),
  self_signed_tls_client_auth: keysFor('self_signed_tls_client_auth'),
};

const provingMethods = Object.keys(needs) as TokenEndpointAuthMethod[];

function lackingProof(client: Client, at: At): Fault[] {
  const own = client.tokenEndpointAuthMethod;
  if (own === undefined) {
    const isProvable = provingMethods.some((method) => mayAuthenticateBy(client, method));
    return client.requireClientSecret && !isProvable ? [at(secret.property, [], secret.problem)] : [];
  }
  const need = needs[own];
  // A public client that names how it would authenticate, and never does.
  if (!need || need.isMet(client) || (need === secret && !client.requireClientSecret)) return [];
  return [at(need.property, client[need.property], need.problem)];
}

function publicContradictions({ requireClientSecret, tokenEndpointAuthMethod: own }: Client, at: At): Fault[] {
  if (!requireClientSecret || own !== 'none') return [];
  const problem = 'contradicts requireClientSecret: set requireClientSecret: false for a public client';
  return [at('tokenEndpointAuthMethod', own, problem)];
}

/** RFC 7591 §2: both at once are forbidden. */
function keyContradictions({ jwks, jwksUri }: Client, at: At): Fault[] {
  if (jwks === undefined || jwksUri === undefined) return [];
  return [at('jwksUri', jwksUri, 'stands beside jwks: give one of the two (RFC 7591 §2)')];
}

/** RFC 7518 §3.2: bytes of the secret for each, at the least. */
const leastBytes: Readonly<Record<SecretAlgorithm, number>> = { HS256: 32, HS384: 48, HS512: 64 };

function algorithmContradictions(client: Client, at: At): Fault[] {
  const algorithm = client.tokenEndpointAuthSigningAlg;
  if (algorithm === undefined) return [];
  const ofSecret = secretAlgorithms.find((one) => one === algorithm);
  const method = ofSecret ? 'client_secret_jwt' : 'private_key_jwt';
  const problem = (text: string) => [at('tokenEndpointAuthSigningAlg', algorithm, text)];
  if (!mayAuthenticateBy(client, method)) {
    return problem(`is for ${method}, by which the client does not authenticate`);
  }
  const bytes = new TextEncoder().encode(client.assertionSecret).length;
  if (!ofSecret || bytes >= leastBytes[ofSecret]) return [];
  return problem(`needs an assertionSecret of at least ${leastBytes[ofSecret]} bytes (RFC 7518 §3.2)`);
}

function keysFor(method: TokenEndpointAuthMethod): Need {
  const problem = `is needed for ${method}: the client's public keys, or jwksUri, where it publishes them`;
  return { property: 'jwks', isMet: hasKeys, problem };
}

function hasKeys({ jwks, jwksUri }: Client): boolean {
  return jwksUri !== undefined || (jwks !== undefined && jwks.keys.length > 0);
}
