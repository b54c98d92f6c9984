import type { JSONWebKeySet } from 'jose';
import { CliFault } from '../cli-fault.js';
import { describeNetworkFault } from './network-fault.js';
import type { Fetch } from './trusting-fetch.js';

/** What discovery says (OpenID Connect Discovery §3); nothing of it is believed before it is looked at. */
export type DiscoveryDocument = Readonly<Record<string, unknown>>;

/** Where an issuer's metadata are (OpenID Connect Discovery §4). @throws CliFault */
export function discoveryUrl(issuer: string): string {
  if (!URL.canParse(issuer) || !/^https?:/.test(issuer)) {
    throw new CliFault(`The issuer must be a URL such as https://id.example.com, but is '${issuer}'.`);
  }
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

/** The keys of an issuer, by its discovery document. @throws CliFault */
export async function fetchIssuerKeys(issuer: string, fetch: Fetch): Promise<{ keys: JSONWebKeySet; source: string }> {
  const address = discoveryUrl(issuer);
  const discovery = (await fetchJson(address, fetch)) as DiscoveryDocument;
  // OpenID Connect Discovery §4.3: else anybody could announce keys in another's name.
  if (discovery.issuer !== issuer) {
    throw new CliFault(`${address} speaks for another issuer, ${JSON.stringify(discovery.issuer)}. Name that one.`);
  }
  const source = String(discovery.jwks_uri);
  return { keys: (await fetchJson(source, fetch)) as JSONWebKeySet, source };
}

/** @throws CliFault with the address and the reason */
async function fetchJson(address: string, fetch: Fetch): Promise<object> {
  const response = await fetch(address).catch((error: unknown) => {
    throw new CliFault(`${address} cannot be reached: ${describeNetworkFault(error)}.`, undefined, { cause: error });
  });
  if (response.status !== 200) throw new CliFault(`${address} answers ${response.status}. Is the issuer right?`);
  const content: unknown = await response.json().catch(() => undefined);
  if (typeof content === 'object' && content !== null) return content;
  throw new CliFault(`${address} answers with something that is no JSON object. Is the issuer right?`);
}
