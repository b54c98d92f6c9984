import { issuerUrlFault } from '../options/issuer-url.js';
import { fetchJson } from './fetch-json.js';

/**
 * Finds where an issuer publishes its keys (OpenID Connect Discovery §4). `timeout` in seconds.
 * The metadata must name the very issuer that was asked (§4.3): another name would let one issuer speak for another.
 */
export async function discoverJwksUri(issuer: string, timeout: number): Promise<string> {
  // §4.1: a terminating slash of the issuer is removed before the well-known path is appended.
  const url = `${issuer.endsWith('/') ? issuer.slice(0, -1) : issuer}/.well-known/openid-configuration`;
  const metadata = await fetchJson(url, timeout);
  if (typeof metadata !== 'object' || metadata === null) throw new Error(`${url} holds no metadata`);
  const { issuer: named, jwks_uri: jwksUri } = metadata as { issuer?: unknown; jwks_uri?: unknown };
  if (named !== issuer) {
    throw new Error(
      `${url} names the issuer '${String(named).slice(0, 200)}', but '${issuer}' is configured: they must be equal, letter for letter`,
    );
  }
  const fault = issuerUrlFault(jwksUri);
  if (fault) throw new Error(`the jwks_uri in ${url} is not usable: ${fault}`);
  if (issuer.startsWith('https:') && !(jwksUri as string).startsWith('https:')) {
    throw new Error(`the jwks_uri in ${url} is not usable: it must be https, as the issuer is`);
  }
  return jwksUri as string;
}
