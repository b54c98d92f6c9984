import { signingAlgorithms } from '@tessera/protocol';
import {
  Client,
  type Fault,
  faultsOf,
  keyRuleFaults,
  KeyRules,
  OutgoingRules,
  SessionRules,
} from '@tessera/resource-model';
import {
  endpointNames,
  type EndpointName,
  type ResolvedOptions,
  type TokenServerOptions,
} from './token-server.options.js';

/** The options with defaults filled in, and what is wrong with those that the resource model does not check. */
export function resolveOptions(options: TokenServerOptions): { resolved: ResolvedOptions; faults: Fault[] } {
  const algorithms = options.signingAlgorithms ?? ['RS256'];
  const resolved: ResolvedOptions = {
    issuer: options.issuer,
    configuration: {
      clients: (options.clients ?? []).map((client) => (client instanceof Client ? client : new Client(client))),
      apiResources: options.apiResources ?? [],
      apiScopes: options.apiScopes ?? [],
      identityResources: options.identityResources ?? [],
      users: options.users ?? [],
    },
    signingAlgorithms: algorithms,
    keys: new KeyRules(options.keys),
    sessions: new SessionRules(options.sessions),
    outgoing: new OutgoingRules(options.outgoing),
    endpoints: Object.fromEntries(endpointNames.map((name) => [name, options.endpoints?.[name] ?? true])) as Record<
      EndpointName,
      boolean
    >,
  };
  const ownKeyFaults = faultsOf(resolved.keys, 'keys');
  return {
    resolved,
    faults: [
      ...issuerFaults(options.issuer),
      ...algorithmFaults(algorithms),
      // What the rules mean together can only be told of rules that are sound one by one.
      ...(ownKeyFaults.length > 0 ? ownKeyFaults : keyRuleFaults(resolved.keys, resolved.configuration.clients)),
      ...faultsOf(resolved.sessions, 'sessions'),
      ...faultsOf(resolved.outgoing, 'outgoing'),
      ...endpointFaults(options),
    ],
  };
}

/** RFC 8414 §2: an https URL without query and fragment. http is let through for development; the application may refuse it. */
function issuerFaults(issuer: unknown): Fault[] {
  const url = typeof issuer === 'string' && URL.canParse(issuer) ? new URL(issuer) : undefined;
  const sound =
    url && ['https:', 'http:'].includes(url.protocol) && !/[?#]/.test(String(issuer)) && url.username === '';
  if (sound && (url.href === issuer || url.href === `${String(issuer)}/`)) return [];
  return [
    {
      path: 'issuer',
      value: issuer,
      problem:
        'must be an absolute https URL in lower case without query and fragment, e.g. https://id.example.com (RFC 8414 §2)',
    },
  ];
}

function algorithmFaults(algorithms: unknown): Fault[] {
  const known: readonly unknown[] = signingAlgorithms;
  const isSound = Array.isArray(algorithms) && algorithms.length > 0 && algorithms.every((one) => known.includes(one));
  if (isSound && new Set(algorithms).size === algorithms.length) return [];
  return [
    {
      path: 'signingAlgorithms',
      value: algorithms,
      problem: `must be a list of at least one of ${signingAlgorithms.join(', ')}, each once; the first is the default`,
    },
  ];
}

function endpointFaults({ endpoints }: TokenServerOptions): Fault[] {
  return Object.entries(endpoints ?? {})
    .filter(([name, on]) => !(endpointNames as readonly string[]).includes(name) || typeof on !== 'boolean')
    .map(([name, value]) => ({
      path: `endpoints.${name}`,
      value,
      problem: `must be one of ${endpointNames.join(', ')}, set to true or false`,
    }));
}
