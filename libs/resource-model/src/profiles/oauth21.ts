import { FlowTypes, GrantTypes, type SigningAlgorithm } from '@tessera/protocol';
import type { Client } from '../client.js';
import type { ProfileRule } from './profile.js';

/** Whether people are sent to the server with a browser. */
export function usesBrowser({ allowedGrantTypes }: Client): boolean {
  return allowedGrantTypes.includes(GrantTypes.authorizationCode) || allowedGrantTypes.includes(FlowTypes.hybrid);
}

export function isPublic({ requireClientSecret, tokenEndpointAuthMethod }: Client): boolean {
  return !requireClientSecret || tokenEndpointAuthMethod === 'none';
}

export function isBound({ requireDpop, tlsClientCertificateBoundAccessTokens }: Client): boolean {
  return requireDpop || tlsClientCertificateBoundAccessTokens;
}

/** draft-ietf-oauth-v2-1, as far as settings of a client decide it; what the server does for everybody is not listed. */
export const oauth21: readonly ProfileRule[] = [
  {
    source: 'OAuth 2.1 §4.1.1',
    rule: 'Authorization codes come with a proof key (PKCE).',
    property: 'requirePkce',
    holds: ({ client }) => !usesBrowser(client) || client.requirePkce,
    mend: 'requirePkce: true',
  },
  {
    source: 'OAuth 2.1 §4.1.1, RFC 9700 §2.1.1',
    rule: 'The proof key is sent hashed (S256).',
    property: 'allowPlainTextPkce',
    holds: ({ client }) => !client.allowPlainTextPkce,
    mend: 'allowPlainTextPkce: false',
  },
  {
    source: 'OAuth 2.1 §10.1, RFC 9700 §2.1.2',
    rule: 'No access token comes from the authorize endpoint: there is no implicit grant.',
    property: 'allowAccessTokensViaBrowser',
    holds: ({ client }) =>
      !client.allowAccessTokensViaBrowser && !client.allowedGrantTypes.includes(FlowTypes.implicit),
    mend: "allowAccessTokensViaBrowser: false, and no 'implicit' in allowedGrantTypes",
  },
  {
    source: 'OAuth 2.1 §10.1, RFC 9700 §2.4',
    rule: 'Clients never see passwords of people: there is no password grant.',
    property: 'allowedGrantTypes',
    holds: ({ client }) => !client.allowedGrantTypes.includes(GrantTypes.password),
    mend: "no 'password' in allowedGrantTypes",
  },
  {
    source: 'OAuth 2.1 §4.3.1, RFC 9700 §4.14.2',
    rule: 'Refresh tokens of public clients are bound to a key, or used once.',
    property: 'refreshTokenUsage',
    holds: ({ client }) =>
      !client.allowOfflineAccess || !isPublic(client) || isBound(client) || client.refreshTokenUsage === 'oneTimeOnly',
    mend: 'refreshTokenUsage: oneTimeOnly, or requireDpop: true',
  },
  {
    source: 'OAuth 2.1 §8.4.2, RFC 8252 §8.3',
    rule: 'Redirect URIs use https, a loopback address or a private-use scheme: nothing that a network can read.',
    property: 'redirectUris',
    holds: ({ client }) => client.redirectUris.every(isSafe),
    mend: 'redirectUris with https, http://127.0.0.1, http://[::1] or a private-use scheme',
  },
];

function isSafe(uri: string): boolean {
  const { protocol, hostname } = new URL(uri);
  return protocol !== 'http:' || ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}

/** Whether a signature algorithm is one of these, wherever the client names one. */
export function isOneOf(algorithm: string | undefined, allowed: readonly SigningAlgorithm[]): boolean {
  return algorithm !== undefined && (allowed as readonly string[]).includes(algorithm);
}
