import { signingAlgorithms } from '@tessera/protocol';
import { issuerUrlFault } from './issuer-url.js';
import { jwkFaults } from './jwk-faults.js';
import { faultsBy, isObject, isText, oneOf, optional, within, type OptionRules } from './option-rules.js';
import { describe } from './shown-value.js';

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
    ...(isObject(jwks) && Array.isArray(jwks.keys) ? jwkFaults(jwks.keys, at) : []),
    // A secret may stand in the place of anything there: no value is shown.
    ...(isObject(introspection) ? faultsBy(introspectionRules, introspection, `${at}introspection.`, describe) : []),
  ];
}

const introspectionRules: OptionRules = {
  clientId: (value) => (isText(value) ? undefined : 'give the name of this API as a client of the issuer.'),
  clientSecret: (value) => (isText(value) ? undefined : 'give the secret that goes with clientId.'),
  authMethod: oneOf('client_secret_basic', 'client_secret_post'),
  endpoint: optional((value) => sentence(issuerUrlFault(value), 'Leave it out to find it by discovery')),
  ...Object.fromEntries(Object.entries(introspectionRanges).map(([name, range]) => [name, within(range)])),
};

function issuerFault(issuer: unknown): string | undefined {
  const fault = issuerUrlFault(issuer) ?? blanksFault(issuer as string) ?? queryFault(issuer as string);
  if (fault) return `${fault}, such as 'https://id.example.com'.${publicNameAdvice(issuer)}`;
  const [name, document] = (issuer as string).split('/.well-known/');
  return document === undefined ? undefined : `give the issuer alone, '${name}': its metadata are found from there.`;
}

/** RFC 8414 §2: an issuer is https. What most often stands behind plain http is an address inside of a cluster. */
function publicNameAdvice(issuer: unknown): string {
  const url = typeof issuer === 'string' && URL.canParse(issuer) ? new URL(issuer) : undefined;
  return url?.protocol === 'http:' && !url.username && !url.password
    ? ` Where this API reaches the issuer by http inside of your network, give the public https issuer and beside it internalAddress: '${url.origin}'; the issuer must name itself by its public address there, too (Keycloak: KC_HOSTNAME).`
    : '';
}

/** URL would pass over them, and no `iss` has them. */
function blanksFault(address: string): string | undefined {
  return /\s/.test(address) ? 'it must have no blanks or line ends, not at its ends either' : undefined;
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
  const isRight =
    isObject(names) &&
    Object.entries(names).every(
      ([name, value]) =>
        claimNameMembers.includes(name) &&
        (value === undefined || isPath(value) || (name === 'roles' && isPaths(value))),
    ) &&
    (names.audience === undefined || isText(names.audience));
  if (isRight) return dottedNameFault(names);
  return `give an object with the names of claims for ${claimNameMembers.join(', ')}; a list is a path, such as ['realm_access', 'roles'], and for roles a list of paths is several places (audience is a name alone).`;
}

function isPath(value: unknown): boolean {
  return isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText));
}

function isPaths(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((path) => Array.isArray(path) && isPath(path));
}

/** The names of claims may contain dots, and many libraries write paths so: which is meant must be said. URLs and URNs are names. */
function dottedNameFault({ clientId, scope, roles }: Record<string, unknown>): string | undefined {
  const name = [clientId, scope, roles].find((value) => typeof value === 'string' && /^[^:/]*\.[^:/]*$/.test(value));
  if (typeof name !== 'string') return undefined;
  const path = name.split('.').map((part) => `'${part}'`);
  return `a text is the name of one claim, not a path: give [${path.join(', ')}] for ${name.split('.').at(-1)} inside of ${name.split('.').slice(0, -1).join(' and ')}, or ['${name}'] for a claim of that very name.`;
}

function internalAddressFault(address: unknown): string | undefined {
  const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : undefined;
  return url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash && !url.username
    ? undefined
    : "give the scheme, host and port at which the issuer answers inside of your network, such as 'http://sts:3000'.";
}

function jwksUriFault(jwksUri: unknown): string | undefined {
  const fault = issuerUrlFault(jwksUri) ?? blanksFault(jwksUri as string) ?? notKeysFault(jwksUri as string);
  return sentence(fault, 'Leave it out to find the keys by discovery');
}

function notKeysFault(jwksUri: string): string | undefined {
  return /\/(?:openid-configuration|oauth-authorization-server)\/?$/.test(new URL(jwksUri).pathname)
    ? "it must be the address of the keys (the metadata's jwks_uri), and this is that of the metadata"
    : undefined;
}

function jwksFault(jwks: unknown): string | undefined {
  if (isObject(jwks) && Array.isArray(jwks.keys) && jwks.keys.length > 0) return undefined;
  return 'give a JWK Set: { keys: [...] } with one public key at least (importSPKI and exportJWK of jose make a JWK of a PEM).';
}

function sentence(fault: string | undefined, advice: string): string | undefined {
  return fault && `${fault}. ${advice}.`;
}
