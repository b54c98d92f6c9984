import type { SigningAlgorithm } from '@tessera/protocol';
import { DpopRules } from '../dpop-rules.js';
import { normalizeUsername } from '../stores/user.store.js';
import { authorizationDetailFaults } from './authorization-detail-checks.js';
import { claimFaults } from './claim-checks.js';
import { clientFaults, clientWarnings } from './client-checks.js';
import type { Configuration } from './configuration.js';
import { answerFaults } from './encryption-checks.js';
import { type Fault, faultsOf } from './fault.js';
import { profileFaults } from '../profiles/profiles.js';
import { resourceFaults, scopeFaults, scopeWarnings } from './scope-checks.js';
import { tokenExchangeFaults, tokenExchangeWarnings } from './token-exchange-checks.js';

/** What the check of a configuration says: faults stop the start, warnings are for the log. */
export interface Findings {
  readonly faults: Fault[];
  readonly warnings: Fault[];
}

/**
 * Checks a whole configuration: each object by its rules, then what they mean together. All faults at once.
 * `signingAlgorithms`: those that the server keeps keys for. `dpopAlgorithms`: those that it takes DPoP proofs with.
 */
export function checkConfiguration(
  configuration: Configuration,
  signingAlgorithms: readonly SigningAlgorithm[],
  dpopAlgorithms: readonly SigningAlgorithm[] = new DpopRules().algorithms,
): Findings {
  const faults = Object.entries(lists(configuration)).flatMap(([name, items]) =>
    items.flatMap((item, index) => faultsOf(item, `${name}[${index}]`)),
  );
  // What objects mean together can only be told of objects that are sound by themselves.
  if (faults.length > 0) return { faults, warnings: [] };
  return {
    faults: [
      ...duplicates(configuration),
      ...scopeFaults(configuration),
      ...resourceFaults(configuration, signingAlgorithms),
      ...clientFaults(configuration, signingAlgorithms),
      ...tokenExchangeFaults(configuration),
      ...answerFaults(configuration, signingAlgorithms),
      ...authorizationDetailFaults(configuration),
      ...claimFaults(configuration),
      ...profileFaults({ configuration, signingAlgorithms, dpopAlgorithms }),
    ],
    warnings: [
      ...scopeWarnings(configuration),
      ...subjectWarnings(configuration),
      ...clientWarnings(configuration),
      ...tokenExchangeWarnings(configuration),
    ],
  };
}

function lists({
  authorizationDetailTypes,
  clients,
  apiResources,
  apiScopes,
  identityResources,
  users,
}: Configuration) {
  return {
    identityResources,
    apiScopes,
    apiResources,
    authorizationDetailTypes,
    clients,
    users,
  } satisfies Record<string, readonly object[]>;
}

/** RFC 9068 §5: `sub` of a client's own token is its id, which an API must not take for a person. */
function subjectWarnings({ clients, users }: Configuration): Fault[] {
  const ids = new Set(clients.map(({ clientId }) => clientId));
  return users
    .map(({ subject }, index) => ({ path: `users[${index}].subject`, value: subject }))
    .filter(({ value }) => ids.has(value))
    .map((found) => ({ ...found, problem: 'is the id of a client as well: an API could take the one for the other' }));
}

function duplicates(configuration: Configuration): Fault[] {
  return [
    ...repeated('clients', 'clientId', configuration.clients, ({ clientId }) => clientId),
    ...repeated('apiResources', 'name', configuration.apiResources, ({ name }) => name),
    ...repeated('apiScopes', 'name', configuration.apiScopes, ({ name }) => name),
    ...repeated('identityResources', 'name', configuration.identityResources, ({ name }) => name),
    ...repeated('authorizationDetailTypes', 'type', configuration.authorizationDetailTypes, ({ type }) => type),
    ...repeated('users', 'subject', configuration.users, ({ subject }) => subject),
    ...repeated('users', 'username', configuration.users, ({ username }) => normalizeUsername(username)),
  ];
}

function repeated<T>(list: string, property: string, items: readonly T[], keyOf: (item: T) => string): Fault[] {
  const first = new Map<string, number>();
  return items.flatMap((item, index) => {
    const key = keyOf(item);
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, index);
      return [];
    }
    return [
      {
        path: `${list}[${index}].${property}`,
        value: key,
        problem: `must be unique, but ${list}[${earlier}] has the same`,
      },
    ];
  });
}
