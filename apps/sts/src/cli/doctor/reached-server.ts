import { CliFault } from '../cli-fault.js';
import { type DiscoveryDocument, discoveryUrl } from '../http/issuer-documents.js';
import { describeNetworkFault } from '../http/network-fault.js';
import type { Fetch } from '../http/trusting-fetch.js';
import { type Finding, findings } from './finding.js';

/** A server that answered discovery under its public name. */
export interface ReachedServer {
  readonly issuer: string;
  readonly discovery: DiscoveryDocument;
  readonly fetch: Fetch;
  /** Its clock less ours, in seconds; undefined where it sent no date. */
  readonly clockDifference?: number;
}

const { fine, problem, unchecked } = findings('discovery');

/** The public address must answer discovery in exactly the issuer's name (OpenID Connect Discovery §4.3). */
export async function reachServer(issuer: string, fetch: Fetch): Promise<{ finding: Finding; server?: ReachedServer }> {
  const address = addressOf(issuer);
  if (address === undefined)
    return { finding: problem(`'${issuer}' is no URL`, 'Give one such as https://id.example.com.') };
  const begun = Date.now();
  const response = await fetch(address).catch((error: unknown) => describeNetworkFault(error));
  if (typeof response === 'string') {
    return {
      finding: unchecked(
        `${address} cannot be reached: ${response}`,
        'Start the server, or mend the way to it, and look again.',
      ),
    };
  }
  const middle = (begun + Date.now()) / 2;
  if (response.status !== 200) {
    const remedy =
      'The address must lead to the server, with the path of the issuer, and discovery must be switched on.';
    return { finding: problem(`${address} answers ${response.status}`, remedy) };
  }
  const discovery = (await response.json().catch(() => undefined)) as DiscoveryDocument | undefined;
  if (typeof discovery !== 'object' || discovery === null) {
    return { finding: problem(`${address} answers no JSON object`, 'Something else than the server answers there.') };
  }
  const server = { issuer, discovery, fetch, clockDifference: difference(response.headers.get('date'), middle) };
  return { finding: issuerFinding(server, address), server };
}

function addressOf(issuer: string): string | undefined {
  try {
    return discoveryUrl(issuer);
  } catch (error) {
    if (error instanceof CliFault) return undefined;
    throw error;
  }
}

function issuerFinding({ issuer, discovery }: ReachedServer, address: string): Finding {
  if (discovery.issuer === issuer) return fine(`${address} answers for ${issuer}`);
  return problem(
    `${address} answers for ${JSON.stringify(discovery.issuer)}, not for ${issuer}`,
    'Set issuer (or STS_ISSUER) to the public address exactly, with or without a slash at the end; every client compares it.',
  );
}

/** The header has whole seconds, cut off: in the middle it is half a second later. */
function difference(date: string | null, now: number): number | undefined {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? undefined : (time + 500 - now) / 1000;
}
