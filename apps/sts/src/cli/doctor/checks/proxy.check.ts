import type { Environment } from '../../../configuration/environment.js';
import { discoveryUrl } from '../../http/issuer-documents.js';
import { describeNetworkFault } from '../../http/network-fault.js';
import { type Finding, findings } from '../finding.js';
import type { ReachedServer } from '../reached-server.js';

const { fine, warning, problem, unchecked } = findings('proxy');

const forged = {
  'x-forwarded-host': 'forged.invalid',
  'x-forwarded-proto': 'http',
  forwarded: 'host=forged.invalid;proto=http',
};

/** What callers write into the headers of a proxy must not lead clients elsewhere. */
export async function checkForgedHeaders({ issuer, discovery, fetch }: ReachedServer): Promise<Finding[]> {
  const response = await fetch(discoveryUrl(issuer), { headers: forged }).catch((error: unknown) =>
    describeNetworkFault(error),
  );
  if (typeof response === 'string') return [unchecked(`no answer: ${response}`, 'Mend that and look again.')];
  const answer: unknown = await response.json().catch(() => undefined);
  if (JSON.stringify(answer) === JSON.stringify(discovery)) {
    return [
      fine('X-Forwarded-Host, X-Forwarded-Proto and Forwarded of a caller change nothing that discovery announces'),
    ];
  }
  return [
    problem(
      'headers of a caller (X-Forwarded-Host, X-Forwarded-Proto, Forwarded) change what discovery announces',
      'Let the proxy overwrite these headers, and set issuer in the configuration.',
    ),
  ];
}

/** Behind a proxy that ends TLS the server must know which one to believe. */
export function checkProxySettings({ tls, trustProxy }: Environment, issuer: string): Finding[] {
  if (tls.mode !== 'off' || !issuer.startsWith('https:')) return [];
  if (trustProxy === true) {
    const remedy = 'Name its addresses in STS_TRUST_PROXY, unless nothing but the proxy can reach the server.';
    return [warning('every caller is believed when it says whom a request comes from', remedy)];
  }
  if (trustProxy !== false) return [fine(`TLS ends at a proxy, and ${trustProxy.join(', ')} is believed`)];
  return [
    warning(
      'TLS ends at a proxy, but STS_TRUST_PROXY names none: every request seems to come from the proxy',
      "Set STS_TRUST_PROXY to the proxy's address: the log and the delay for wrong passwords go by the caller's.",
    ),
  ];
}
