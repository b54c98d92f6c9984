import { Scopes } from '@tessera/protocol';
import { type ClientPolicy, type Configuration, type Fault, faultsOf, suggestion } from '@tessera/resource-model';
import type { ResolvedOptions } from '../../token-server.options.js';

type Rules = Pick<ResolvedOptions, 'registration' | 'clientIdMetadataDocuments' | 'configuration'>;

/** What is wrong with the rules for clients that nobody configured. */
export function dynamicClientFaults(options: Rules): Fault[] {
  const { registration, clientIdMetadataDocuments: documents, configuration } = options;
  const own = [...faultsOf(registration, 'registration'), ...faultsOf(documents, 'clientIdMetadataDocuments')];
  // What the rules mean can only be told of rules that are sound one by one.
  if (own.length > 0) return own;
  const tokens = registration.initialAccessTokens.map(({ policy }, index) => ({
    policy,
    path: `registration.initialAccessTokens[${index}].policy`,
  }));
  const policies = [
    { policy: registration.policy, path: 'registration.policy' },
    ...tokens,
    { policy: documents.policy, path: 'clientIdMetadataDocuments.policy' },
  ];
  return [
    ...policies.flatMap(({ policy, path }) => (policy ? policyFaults(policy, path, configuration) : [])),
    ...repeatedNames(options),
    ...spanFaults(options),
  ];
}

function policyFaults({ scopes = [], resources = [] }: ClientPolicy, path: string, known: Configuration): Fault[] {
  const resourceNames = known.apiResources.map(({ name }) => name);
  const scopeNames = [
    ...known.identityResources.map(({ name }) => name),
    ...known.apiScopes.map(({ name }) => name),
    ...known.apiResources.flatMap((resource) => resource.scopes),
  ];
  const unknown = (property: string, values: readonly string[], names: readonly string[], what: string) =>
    values
      .filter((value) => !names.includes(value))
      .map((value) => ({
        path: `${path}.${property}`,
        value,
        problem:
          value === Scopes.offlineAccess
            ? 'offline_access comes with the grant type refresh_token, not with scopes'
            : `is no ${what}: declare it, or leave it out${suggestion(value, names)}`,
      }));
  return [
    ...unknown('scopes', scopes, scopeNames, 'identity resource and no API scope'),
    ...unknown('resources', resources, resourceNames, 'API resource'),
  ];
}

function repeatedNames({ registration }: Rules): Fault[] {
  const names = registration.initialAccessTokens.map(({ name }) => name);
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [
          {
            path: `registration.initialAccessTokens[${index}].name`,
            value: name,
            problem: 'must be unique: another initial access token has the same name',
          },
        ],
  );
}

function spanFaults({ clientIdMetadataDocuments: { minAge, maxAge } }: Rules): Fault[] {
  if (minAge <= maxAge) return [];
  const problem = `must not be more than maxAge, which is ${maxAge}`;
  return [{ path: 'clientIdMetadataDocuments.minAge', value: minAge, problem }];
}
