import type { TokenEndpointAuthMethod } from '@tessera/protocol';
import type { Client } from './client.js';

/** Whether a client that names no way to authenticate may come this way: it may in each for which it has something. */
const isPrepared: Readonly<Record<TokenEndpointAuthMethod, (client: Client) => boolean>> = {
  client_secret_basic: ({ clientSecrets }) => clientSecrets.length > 0,
  client_secret_post: ({ clientSecrets }) => clientSecrets.length > 0,
  client_secret_jwt: ({ assertionSecret }) => assertionSecret !== undefined,
  private_key_jwt: ({ jwks, jwksUri }) => jwks !== undefined || jwksUri !== undefined,
  tls_client_auth: () => false,
  self_signed_tls_client_auth: () => false,
  none: ({ requireClientSecret }) => !requireClientSecret,
};

/** Whether the client may authenticate in this way. */
export function mayAuthenticateBy(client: Client, method: TokenEndpointAuthMethod): boolean {
  const own = client.tokenEndpointAuthMethod;
  return own === undefined ? isPrepared[method](client) : own === method;
}
