import { describeNetworkFault } from '../../http/network-fault.js';
import { type Finding, findings } from '../finding.js';
import type { ReachedServer } from '../reached-server.js';

const { fine, warning, problem, unchecked } = findings('health');

/** Does the server call itself alive and ready? */
export async function checkHealth({ issuer, fetch }: ReachedServer): Promise<Finding[]> {
  return Promise.all(['live', 'ready'].map((name) => ask(`${issuer.replace(/\/$/, '')}/health/${name}`, fetch)));
}

async function ask(address: string, fetch: ReachedServer['fetch']): Promise<Finding> {
  const response = await fetch(address).catch((error: unknown) => describeNetworkFault(error));
  if (typeof response === 'string') return unchecked(`${address}: ${response}`, 'Mend that and look again.');
  const text = await response.text();
  if (response.status === 200) return fine(`${address} answers 200`);
  if (response.status === 503)
    return problem(`${address} answers 503: ${text.slice(0, 200)}`, 'See the log of the server.');
  return warning(
    `${address} answers ${response.status}`,
    'Fine where the orchestrator asks the server itself and the proxy keeps /health to the inside.',
  );
}
