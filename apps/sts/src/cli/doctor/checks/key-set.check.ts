import type { JWK } from 'jose';
import { describeNetworkFault } from '../../http/network-fault.js';
import { type Finding, findings } from '../finding.js';
import type { ReachedServer } from '../reached-server.js';

const { fine, problem, unchecked } = findings('key set');

/** RFC 7518 §6: members that only the owner of a key may know. */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** Can clients check what the server signs, and does it keep its private keys to itself? */
export async function checkKeySet({ discovery, fetch }: ReachedServer): Promise<Finding[]> {
  const address = String(discovery.jwks_uri);
  const response = await fetch(address).catch((error: unknown) => describeNetworkFault(error));
  if (typeof response === 'string')
    return [unchecked(`${address} cannot be reached: ${response}`, 'Mend that and look again.')];
  const content = (await response.json().catch(() => undefined)) as { keys?: unknown } | undefined;
  if (response.status !== 200 || !Array.isArray(content?.keys)) {
    return [
      problem(
        `${address} answers ${response.status} and no key set`,
        'See the jwks endpoint, and what the proxy does with it.',
      ),
    ];
  }
  const keys = content.keys as readonly JWK[];
  const wrong = [...exposed(keys), ...missing(keys, announced(discovery)), ...ambiguous(keys)];
  return wrong.length > 0
    ? wrong
    : [fine(`${address} has public keys for every announced algorithm, ${keys.length} in all`)];
}

function exposed(keys: readonly JWK[]): Finding[] {
  return keys
    .filter((key) => privateMembers.some((name) => name in key))
    .map(({ kid }) =>
      problem(
        `the key ${kid} is published with its private part`,
        'Remove it at once: anybody can sign in the name of this server.',
      ),
    );
}

function announced(discovery: ReachedServer['discovery']): string[] {
  const lists = Object.entries(discovery).filter(([name]) =>
    /^(?:id_token|userinfo)_signing_alg_values_supported$/.test(name),
  );
  const names = lists.flatMap(([, list]) => (Array.isArray(list) ? list.map(String) : []));
  // No key is published for those.
  return [...new Set(names)].filter((name) => name !== 'none' && !name.startsWith('HS'));
}

function missing(keys: readonly JWK[], algorithms: readonly string[]): Finding[] {
  return algorithms
    .filter(
      (algorithm) =>
        !keys.some((key) => (key.alg === undefined ? key.kty === typeOf(algorithm) : key.alg === algorithm)),
    )
    .map((algorithm) =>
      problem(
        `no key for ${algorithm}, which discovery announces`,
        'Is an old answer cached on the way? Else restart the server.',
      ),
    );
}

function typeOf(algorithm: string): string {
  if (algorithm.startsWith('ES')) return 'EC';
  return algorithm.startsWith('Ed') ? 'OKP' : 'RSA';
}

function ambiguous(keys: readonly JWK[]): Finding[] {
  const kids = keys.map(({ kid }) => kid);
  if (!kids.includes(undefined) && new Set(kids).size === kids.length) return [];
  return [problem('not every key has a kid of its own', 'Clients cannot tell the keys apart: give each its own kid.')];
}
