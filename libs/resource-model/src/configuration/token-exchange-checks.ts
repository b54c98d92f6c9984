import { GrantTypes } from '@tessera/protocol';
import type { Client } from '../client.js';
import type { TokenExchangeRules } from '../token-exchange-rules.js';
import type { Configuration } from './configuration.js';
import type { Fault } from './fault.js';
import { withheld } from './shown-value.js';
import { suggestion } from './suggestion.js';

/** Rules for exchanging tokens that can never apply, or name what does not exist. */
export function tokenExchangeFaults({ clients, apiResources }: Configuration): Fault[] {
  const resources = new Set(apiResources.map(({ name }) => name));
  return clients.flatMap((client, index) => {
    const { tokenExchange: rules } = client;
    if (!rules) return [];
    const path = `clients[${index}].tokenExchange`;
    const audiences = (property: 'audiences' | 'subjectTokenAudiences') =>
      (rules[property] ?? [])
        .filter((name) => !resources.has(name))
        .map((value) => ({ path: `${path}.${property}`, value, problem: unknownResource(value, resources) }));
    return [
      ...unusable(client, path),
      ...audiences('audiences'),
      ...audiences('subjectTokenAudiences'),
      ...unreachableScopes(client, rules, `${path}.scopes`),
    ];
  });
}

function unusable({ allowedGrantTypes, requireClientSecret }: Client, path: string): Fault[] {
  if (!allowedGrantTypes.includes(GrantTypes.tokenExchange)) {
    const problem = `has no effect: add ${GrantTypes.tokenExchange} to allowedGrantTypes, or leave it out`;
    return [{ path, value: withheld, problem }];
  }
  if (requireClientSecret) return [];
  // RFC 8693 §5: whoever got hold of a token could make others of it.
  const problem =
    'is for clients that prove who they are (RFC 8693 §5): set requireClientSecret: true, or leave it out';
  return [{ path, value: withheld, problem }];
}

function unknownResource(name: string, resources: ReadonlySet<string>): string {
  return `names no ApiResource: declare it in apiResources, or leave it out${suggestion(name, resources)}`;
}

function unreachableScopes({ allowedScopes }: Client, { scopes }: TokenExchangeRules, path: string): Fault[] {
  return Object.entries(scopes).flatMap(([from, to]) =>
    to
      .filter((scope) => !allowedScopes.includes(scope))
      .map((value) => ({
        path: `${path}.${from}`,
        value,
        problem: `is not in allowedScopes of the client: add it there, or leave it out${suggestion(value, allowedScopes)}`,
      })),
  );
}

/** Clients that an exchange is to be for and that nobody declared here: they may be in the database, so it is no fault. */
export function tokenExchangeWarnings({ clients }: Configuration): Fault[] {
  const ids = new Set(clients.map(({ clientId }) => clientId));
  return clients.flatMap((client, index) => {
    const path = `clients[${index}].tokenExchange`;
    const rules = client.tokenExchange;
    if (!rules) return idle(client, path);
    return (['subjectTokenClients', 'actorTokenClients'] as const).flatMap((property) =>
      rules[property]
        .filter((id) => !ids.has(id))
        .map((value) => ({
          path: `${path}.${property}`,
          value,
          problem: `names no client of this configuration${suggestion(value, ids)}`,
        })),
    );
  });
}

function idle({ allowedGrantTypes }: Client, path: string): Fault[] {
  if (!allowedGrantTypes.includes(GrantTypes.tokenExchange)) return [];
  const problem =
    'is not there, so the client may exchange nothing unless a TokenExchangePolicy of the application allows it: say what by audiences';
  return [{ path, value: undefined, problem }];
}
