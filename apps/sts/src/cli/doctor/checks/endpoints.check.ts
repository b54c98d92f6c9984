import { describeNetworkFault } from '../../http/network-fault.js';
import { type Finding, findings } from '../finding.js';
import type { ReachedServer } from '../reached-server.js';

const { fine, problem, unchecked } = findings('endpoints');

/** Endpoints that are asked by GET; all others by an empty form. */
const byGet = ['authorization_endpoint', 'userinfo_endpoint', 'end_session_endpoint', 'check_session_iframe'];

/** Does whatever stands before the server let every endpoint through? A refusal by the server is an answer. */
export async function checkEndpoints(server: ReachedServer): Promise<Finding[]> {
  const endpoints = Object.entries(server.discovery).filter(isEndpoint);
  const found = await Promise.all(endpoints.map(([name, address]) => checkEndpoint(name, address, server)));
  const wrong = found.filter((finding) => finding !== undefined);
  return wrong.length > 0 ? wrong : [fine(`all ${endpoints.length} answer, at the issuer's origin`)];
}

function isEndpoint(entry: [string, unknown]): entry is [string, string] {
  return (entry[0].endsWith('_endpoint') || entry[0] === 'check_session_iframe') && typeof entry[1] === 'string';
}

async function checkEndpoint(
  name: string,
  address: string,
  { issuer, fetch }: ReachedServer,
): Promise<Finding | undefined> {
  if (!URL.canParse(address) || new URL(address).origin !== new URL(issuer).origin) {
    return problem(
      `${name} is at another origin: ${address}`,
      'Set issuer to the public address; endpoints follow it.',
    );
  }
  const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: '' };
  const response = await fetch(address, byGet.includes(name) ? {} : form).catch((error: unknown) =>
    describeNetworkFault(error),
  );
  if (typeof response === 'string')
    return unchecked(`${name} cannot be reached: ${response}`, 'Mend that and look again.');
  await response.body?.cancel();
  if (response.status < 500 && response.status !== 404) return undefined;
  return problem(
    `${name} answers ${response.status}: ${address}`,
    'Let the proxy pass this path on; see the log of the server.',
  );
}
