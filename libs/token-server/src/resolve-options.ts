import { signingAlgorithms } from '@tessera/protocol';
import {
  authenticationLevelFaults,
  AuthenticationLevels,
  AuthorizationDetailType,
  Client,
  ClientIdDocumentRules,
  type ClientInit,
  dpopRuleFaults,
  DpopRules,
  type Fault,
  faultsOf,
  keyRuleFaults,
  KeyRules,
  MtlsRules,
  OutgoingRules,
  type ProfileName,
  profileNames,
  RegistrationRules,
  SessionRules,
  TrustedIssuer,
  trustedIssuerFaults,
} from '@tessera/resource-model';
import { dynamicClientFaults } from './clients/dynamic-clients/dynamic-client-faults.js';
import { pushedAuthorizationFaults } from './endpoints/pushed-authorization/pushed-authorization-faults.js';
import { mtlsFaults } from './possession/mtls-faults.js';
import { detailSchemaFaults } from './resources/json-schema-detail.rules.js';
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
    profile: options.profile,
    configuration: {
      clients: (options.clients ?? []).map((client) => heldTo(options.profile, client)),
      apiResources: options.apiResources ?? [],
      apiScopes: options.apiScopes ?? [],
      identityResources: options.identityResources ?? [],
      authorizationDetailTypes: (options.authorizationDetailTypes ?? []).map((type) =>
        type instanceof AuthorizationDetailType ? type : new AuthorizationDetailType(type),
      ),
      users: options.users ?? [],
    },
    signingAlgorithms: algorithms,
    keys: new KeyRules(options.keys),
    sessions: new SessionRules(options.sessions),
    authenticationLevels: new AuthenticationLevels(options.authenticationLevels ?? []),
    mtls: options.mtls && new MtlsRules(options.mtls),
    dpop: new DpopRules(options.dpop),
    outgoing: new OutgoingRules(options.outgoing),
    trustedIssuers: (options.trustedIssuers ?? []).map((issuer) => new TrustedIssuer(issuer)),
    registration: new RegistrationRules(options.registration),
    clientIdMetadataDocuments: new ClientIdDocumentRules(options.clientIdMetadataDocuments),
    requirePushedAuthorization: options.requirePushedAuthorization ?? false,
    endpoints: endpointsOf(options),
  };
  const ownKeyFaults = faultsOf(resolved.keys, 'keys');
  return {
    resolved,
    faults: [
      ...issuerFaults(options.issuer),
      ...algorithmFaults(algorithms),
      ...profileNameFaults(options.profile),
      // What the rules mean together can only be told of rules that are sound one by one.
      ...(ownKeyFaults.length > 0 ? ownKeyFaults : keyRuleFaults(resolved.keys, resolved.configuration.clients)),
      ...faultsOf(resolved.sessions, 'sessions'),
      ...authenticationLevelFaults(options.authenticationLevels ?? [], 'authenticationLevels'),
      ...mtlsFaults(resolved),
      ...dpopRuleFaults(resolved.dpop),
      ...faultsOf(resolved.outgoing, 'outgoing'),
      ...trustedIssuerFaults(resolved.trustedIssuers, options.issuer),
      ...dynamicClientFaults(resolved),
      ...detailSchemaFaults(resolved.configuration.authorizationDetailTypes),
      ...endpointFaults(options),
      ...pushedAuthorizationFaults(resolved),
    ],
  };
}

/** All are on that nobody switches off; where nobody registers there is nothing to register at. */
function endpointsOf({ endpoints, registration }: TokenServerOptions): ResolvedOptions['endpoints'] {
  const all = endpointNames.map((name): [EndpointName, boolean] => [name, endpoints?.[name] ?? true]);
  const known = Object.fromEntries(all) as Record<EndpointName, boolean>;
  return { ...known, registration: known.registration && (registration?.mode ?? 'off') !== 'off' };
}

/** A client that is an object of the model already has all its settings: the profile then changes none, and finds those that break it. */
function heldTo(profile: ProfileName | undefined, client: Client | ClientInit): Client {
  if (client instanceof Client && (profile === undefined || client.profile !== undefined)) return client;
  return new Client({ ...client, profile: client.profile ?? profile });
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

function profileNameFaults(value: unknown): Fault[] {
  if (value === undefined || (profileNames as readonly unknown[]).includes(value)) return [];
  return [{ path: 'profile', value, problem: `must be one of ${profileNames.join(', ')}` }];
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
