import { computedMembers } from '../resource-metadata/computed-members.js';
import { decryptionFaults } from './decryption-rules.js';
import { algorithmsFault, issuerFaults, sharedRules } from './issuer-rules.js';
import type { JwtGuardOptions } from './jwt-guard.options.js';
import {
  aFunction,
  faultsBy,
  given,
  isObject,
  isText,
  oneOf,
  optional,
  within,
  type OptionRules,
} from './option-rules.js';
import { show } from './shown-value.js';

export const guardRanges = {
  resolvedLifetime: { usual: 300, least: 1, most: 86_400 },
  tokenCacheSize: { usual: 5_000, least: 1, most: 1_000_000, unit: 'tokens' },
  proofLifetime: { usual: 60, least: 1, most: 600 },
} as const;

/** What is said once for the whole guard. */
const wholeRules: OptionRules = {
  issuers: optional((value) =>
    Array.isArray(value) && value.length > 0 ? undefined : 'give a list of one issuer or more.',
  ),
  resolveIssuer: aFunction('from the name of an issuer to its options'),
  resolvedLifetime: within(guardRanges.resolvedLifetime),
  tokenCache: optional((value) => (value === false || isObject(value) ? undefined : 'give false or { size }.')),
  dpop: optional((value) => (isObject(value) ? undefined : oneOf('off', 'allowed', 'required')(value))),
  mtls: optional((value) => (isObject(value) ? undefined : oneOf('off', 'allowed', 'required')(value))),
  decryption: optional((value) => (isObject(value) ? undefined : 'give { keys }.')),
  publicUrl: optional(publicUrlFault),
  resourceMetadata: optional((value) => (isObject(value) ? undefined : 'give { resource }.')),
  hooks: optional((value) => (isObject(value) ? undefined : 'give an object of functions.')),
  callReaders: optional((value) =>
    isObject(value) && Object.values(value).every((reader) => typeof reader === 'function')
      ? undefined
      : 'give an object of functions, by the type of context, such as { rpc: (context) => ({ headers: { authorization } }) }.',
  ),
  clock: aFunction('that returns milliseconds since the epoch'),
};

const nestedRules: Readonly<Record<string, OptionRules>> = {
  tokenCache: { size: within(guardRanges.tokenCacheSize) },
  dpop: {
    mode: (value) =>
      value === undefined ? "give 'off', 'allowed' or 'required'." : oneOf('off', 'allowed', 'required')(value),
    algorithms: optional(algorithmsFault),
    proofLifetime: within(guardRanges.proofLifetime),
    requireNonce: optional((value) => (typeof value === 'boolean' ? undefined : 'give true or false.')),
    nonceSecret: optional((value) =>
      typeof value === 'string' && Buffer.byteLength(value) >= 32
        ? undefined
        : 'give 32 bytes or more that all nodes share.',
    ),
    replayStore: optional((value) =>
      isObject(value) && typeof value.remember === 'function' ? undefined : 'give a DpopReplayStore.',
    ),
  },
  mtls: {
    mode: (value) =>
      value === undefined ? "give 'off', 'allowed' or 'required'." : oneOf('off', 'allowed', 'required')(value),
    certificate: optional((value) =>
      value === 'socket' || (isObject(value) && isText(value.header))
        ? undefined
        : "give 'socket' or { header: 'x-client-cert' }.",
    ),
  },
  resourceMetadata: {
    resource: resourceFault,
    resourceName: optional((value) => (isText(value) ? undefined : 'give a name to show to people.')),
    resourceDocumentation: optional((value) =>
      typeof value === 'string' && URL.canParse(value) ? undefined : 'give a URL.',
    ),
    scopesSupported: optional((value) =>
      Array.isArray(value) && value.every(isText) ? undefined : 'give a list of scopes.',
    ),
    additional: optional(additionalFault),
  },
  hooks: {
    accepted: aFunction('of a VerifiedAccess'),
    refused: aFunction('of an AccessTokenError'),
    keysFetched: aFunction('of an issuer'),
    keysFailed: aFunction('of an issuer and an Error'),
    introspectionFailed: aFunction('of an issuer and an Error'),
  },
};

/** What is wrong with the options of the guard: one sentence each, with the option, the value and what would be right. */
export function jwtGuardOptionFaults(options: JwtGuardOptions | undefined): string[] {
  if (!isObject(options)) return [`options: ${show(options)} was given; give { issuer, audience }.`];
  const { global, ...rest } = options;
  return [
    ...(global === undefined && !('global' in options)
      ? []
      : [
          'global: it decides how the module is put together; with forRootAsync give it beside useFactory, not in its result.',
        ]),
    ...issuerChoiceFaults(rest),
    ...Object.entries(nestedRules).flatMap(([name, rules]) =>
      isObject(rest[name]) ? faultsBy(rules, rest[name], `${name}.`) : [],
    ),
    ...(isObject(rest.decryption) ? decryptionFaults(rest.decryption) : []),
  ];
}

/** What belongs to one issuer cannot stand beside several. */
const besideList: OptionRules = Object.fromEntries(
  ['issuer', 'jwksUri', 'jwks', 'internalAddress', 'introspection', 'accessTokenMarks'].map((name) => [
    name,
    optional(() => 'it belongs to one issuer; put it into its entry of issuers, or into what resolveIssuer gives.'),
  ]),
);

/** One issuer with its options beside it, or a list, or a resolver with the options for all of them. */
function issuerChoiceFaults(options: Record<string, unknown>): string[] {
  const { issuers, resolveIssuer } = options;
  if (issuers === undefined && resolveIssuer === undefined) return issuerFaults(options, '', wholeRules);
  return [
    ...faultsBy({ ...sharedRules, ...wholeRules, ...besideList }, options),
    ...(Array.isArray(issuers) ? listFaults(issuers, options) : []),
  ];
}

function listFaults(issuers: readonly unknown[], shared: Record<string, unknown>): string[] {
  const entries = issuers.map((entry) =>
    isObject(entry) ? { ...onlyOf(sharedRules, shared), ...given(entry) } : entry,
  );
  const names = entries.map((entry) => (isObject(entry) ? entry.issuer : undefined));
  const twice = names.filter((name, index) => name !== undefined && names.indexOf(name) !== index);
  const asked = entries.filter((entry) => isObject(entry) && entry.introspection !== undefined);
  return [
    ...issuers.flatMap((own, index) => {
      const at = `issuers[${index}].`;
      if (!isObject(own)) return [`issuers[${index}]: ${show(own)} was given; give { issuer, audience }.`];
      // What is wrong beside the list has been said there.
      const inherited = Object.keys(given(shared)).filter((name) => own[name] === undefined);
      return issuerFaults(entries[index] as object, at).filter(
        (fault) => !inherited.some((name) => fault.startsWith(`${at}${name}: `)),
      );
    }),
    ...twice.map(
      (name) => `issuers: ${show(name)} stands there twice; give each issuer once, with all its audiences in a list.`,
    ),
    ...(asked.length > 1
      ? [
          'issuers: several have introspection; one alone may, since a reference token does not say whose it is and no issuer should see the tokens of another.',
        ]
      : []),
  ];
}

function onlyOf(rules: OptionRules, options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(rules, name)));
}

function publicUrlFault(value: unknown): string | undefined {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.username && !url.search && !url.hash;
  return isPlain && !(value as string).endsWith('/')
    ? undefined
    : "give the URL of this API's root as callers see it, without a slash at the end, such as 'https://api.example.com'.";
}

/** RFC 9728 §1.2: an https URL without a fragment (and, here, http on a loopback host). */
function resourceFault(resource: unknown): string | undefined {
  const url = typeof resource === 'string' && URL.canParse(resource) ? new URL(resource) : undefined;
  const isSafe =
    url &&
    (url.protocol === 'https:' ||
      (url.protocol === 'http:' && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)));
  if (!isSafe || url.hash || url.username) {
    return "give the URL under which clients know this API, https and without a fragment, such as 'https://api.example.com/orders'.";
  }
  // The path becomes a route, and routers read other characters as patterns.
  return /^[\w\-.~@/]*$/.test(url.pathname)
    ? undefined
    : 'give a URL with letters, digits and -._~@ alone in its path.';
}

function additionalFault(value: unknown): string | undefined {
  if (!isObject(value)) return 'give an object.';
  const twice = Object.keys(value).filter((name) => computedMembers.includes(name));
  return twice.length > 0 ? `leave out ${twice.join(', ')}: the guard says that by its other options.` : undefined;
}
