import { signingAlgorithms } from '@tessera/protocol';
import { issuerUrlFault } from './issuer-url.js';
import { faultsBy, isObject, isText, oneOf, optional, within, type OptionRules } from './option-rules.js';

/** Seconds. The upper limits catch milliseconds given by mistake. */
export const issuerRanges = {
  clockTolerance: { usual: 5, least: 0, most: 300 },
  cacheLifetime: { usual: 300, least: 1, most: 86_400 },
  staleLifetime: { usual: 3_600, least: 0, most: 604_800 },
  refetchCooldown: { usual: 30, least: 1, most: 3_600 },
  fetchTimeout: { usual: 5, least: 1, most: 60 },
} as const;

export const introspectionRanges = {
  cacheLifetime: { usual: 30, least: 0, most: 3_600 },
  negativeCacheLifetime: { usual: 10, least: 0, most: 300 },
  cacheSize: { usual: 10_000, least: 1, most: 10_000_000, unit: 'answers' },
} as const;

/** The rules of what may stand beside an issuer, or beside a list of issuers for all of them. */
export const sharedRules: OptionRules = {
  audience: optional(audienceFault),
  algorithms: optional(algorithmsFault),
  tokenType: oneOf('at+jwt', 'any'),
  requiredClaims: optional(requiredClaimsFault),
  claimNames: optional(claimNamesFault),
  ...Object.fromEntries(Object.entries(issuerRanges).map(([name, range]) => [name, within(range)])),
};

/** The rules of one issuer. */
const issuerRules: OptionRules = {
  issuer: issuerFault,
  ...sharedRules,
  audience: audienceFault,
  accessTokenMarks: optional(requiredClaimsFault),
  internalAddress: optional(internalAddressFault),
  jwksUri: optional(jwksUriFault),
  jwks: optional(jwksFault),
  introspection: optional((value) => (isObject(value) ? undefined : 'give { clientId, clientSecret }.')),
};

/** What is wrong with one issuer; `at` is where it stands, such as `issuers[1].`, and `beside` are rules of what else stands there. */
export function issuerFaults(options: object, at = '', beside: OptionRules = {}): string[] {
  const { introspection, jwks, jwksUri } = options as Record<string, unknown>;
  return [
    ...faultsBy({ ...issuerRules, ...beside }, options, at),
    ...(jwks !== undefined && jwksUri !== undefined
      ? [`${at}jwks: it was given beside jwksUri; give one of the two.`]
      : []),
    ...(isObject(introspection) ? faultsBy(introspectionRules, introspection, `${at}introspection.`) : []),
  ];
}

const introspectionRules: OptionRules = {
  clientId: (value) => (isText(value) ? undefined : 'give the name of this API as a client of the issuer.'),
  // A fault of the secret never shows it: it is text, or it is shown as what it is instead.
  clientSecret: (value) => (isText(value) ? undefined : 'give the secret that goes with clientId.'),
  authMethod: oneOf('client_secret_basic', 'client_secret_post'),
  endpoint: optional((value) => sentence(issuerUrlFault(value), 'Leave it out to find it by discovery')),
  ...Object.fromEntries(Object.entries(introspectionRanges).map(([name, range]) => [name, within(range)])),
};

function issuerFault(issuer: unknown): string | undefined {
  const fault = issuerUrlFault(issuer) ?? queryFault(issuer as string);
  return fault && `${fault}, such as 'https://id.example.com'.`;
}

/** An issuer has neither a query nor a fragment (RFC 8414 §2). */
function queryFault(issuer: string): string | undefined {
  return issuer.includes('?') || issuer.includes('#') ? 'it must have no query and no fragment' : undefined;
}

function audienceFault(audience: unknown): string | undefined {
  const names: unknown[] = Array.isArray(audience) ? audience : [audience];
  return names.length > 0 && names.every(isText)
    ? undefined
    : 'give the name of this API as the issuer knows it, or a list of names. A guard without an audience would accept tokens meant for other APIs.';
}

export function algorithmsFault(algorithms: unknown): string | undefined {
  const accepted = signingAlgorithms as readonly unknown[];
  return Array.isArray(algorithms) && algorithms.length > 0 && algorithms.every((name) => accepted.includes(name))
    ? undefined
    : `give a list out of ${signingAlgorithms.join(', ')}. Symmetric algorithms and 'none' are never accepted.`;
}

function requiredClaimsFault(claims: unknown): string | undefined {
  const isRequirement = (value: unknown): boolean =>
    value === true || typeof value === 'function' || [value].flat().every((one) => isText(one) || Number.isFinite(one));
  return isObject(claims) &&
    Object.values(claims).every((value) => isRequirement(value) && ![value].flat().includes(undefined))
    ? undefined
    : 'give an object with, for each claim, true, a value, a list of values or a predicate.';
}

const claimNameMembers = ['clientId', 'scope', 'roles', 'audience'];

function claimNamesFault(names: unknown): string | undefined {
  const isPath = (value: unknown): boolean =>
    isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText));
  return isObject(names) &&
    Object.entries(names).every(
      ([name, value]) => claimNameMembers.includes(name) && (value === undefined || isPath(value)),
    ) &&
    (names.audience === undefined || isText(names.audience))
    ? undefined
    : `give an object with the names of claims for ${claimNameMembers.join(', ')}; a list is a path, such as ['realm_access', 'roles'] (audience is a name alone).`;
}

function internalAddressFault(address: unknown): string | undefined {
  const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : undefined;
  return url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash && !url.username
    ? undefined
    : "give the scheme, host and port at which the issuer answers inside of your network, such as 'http://sts:3000'.";
}

function jwksUriFault(jwksUri: unknown): string | undefined {
  return sentence(issuerUrlFault(jwksUri), 'Leave it out to find the keys by discovery');
}

function jwksFault(jwks: unknown): string | undefined {
  return isObject(jwks) && Array.isArray(jwks.keys) && jwks.keys.length > 0 && jwks.keys.every(isObject)
    ? undefined
    : 'give a JWK Set: { keys: [...] } with one public key at least.';
}

function sentence(fault: string | undefined, advice: string): string | undefined {
  return fault && `${fault}. ${advice}.`;
}
