// How a client gets tokens: grant types, response types, scopes and authentication, each held to the policy.
import { FlowTypes, GrantTypes, Scopes, type TokenEndpointAuthMethod } from '@tessera/protocol';
import type { Client, ClientInit } from '@tessera/resource-model';
import { findResponseType, usableResponseTypes } from '../../authorize/response-types.js';
import { refusedMember } from './metadata-error.js';
import { listOf, type MetadataContext, type MetadataMember, textOf } from './metadata-member.js';
import { mayHaveRefreshTokens, registrableScopes } from './registrable-scopes.js';

/** What a client of this platform may say, and the wire does not: a flow of its own instead of two grant types. */
const flows: readonly string[] = [GrantTypes.authorizationCode, FlowTypes.implicit, FlowTypes.hybrid];

/** RFC 7591 §2: what is left out is the authorization code. */
export const grantTypes: MetadataMember = {
  name: 'grant_types',
  properties: ['allowedGrantTypes'],
  read: (_value, context) => {
    const granted = readGrantTypes(context);
    const others = granted.filter((type) => !flows.includes(type) && type !== GrantTypes.refreshToken);
    return { allowedGrantTypes: [...flowOf(granted, context), ...others] };
  },
  write: ({ allowedGrantTypes, allowOfflineAccess }) => [
    ...new Set(allowedGrantTypes.flatMap(wireGrantTypes)),
    ...(allowOfflineAccess ? [GrantTypes.refreshToken] : []),
  ],
};

/** The grant types of the wire that a grant type or flow of a client stands for. */
export function wireGrantTypes(type: string): string[] {
  return type === FlowTypes.hybrid ? [GrantTypes.authorizationCode, FlowTypes.implicit] : [type];
}

/** Refresh tokens that the policy does not give are left out: a client can do without, and sees it in the answer (RFC 7591 §3.2.1). */
function readGrantTypes({ sent, policy, isForMany }: MetadataContext): string[] {
  const asked =
    sent.grant_types === undefined ? [GrantTypes.authorizationCode] : listOf('grant_types', sent.grant_types);
  const beyond = asked.filter((type) => !policy.grantTypes.includes(type) && type !== GrantTypes.refreshToken);
  if (beyond.length > 0 && !isForMany) {
    throw refusedMember(
      'grant_types',
      `${beyond.join(', ')} is not open to this client: use ${policy.grantTypes.join(', ')}`,
    );
  }
  const granted = asked.filter((type) => policy.grantTypes.includes(type));
  if (granted.every((type) => type === GrantTypes.refreshToken)) {
    throw refusedMember('grant_types', `holds none that is open to this client: use ${policy.grantTypes.join(', ')}`);
  }
  return granted;
}

/** RFC 7591 §2.1, OpenID Connect Registration §2: each response type needs its grant types. One flow for each client, so that none is talked into a weaker one. */
function flowOf(granted: readonly string[], { sent }: MetadataContext): string[] {
  const types = responseTypesOf(granted, sent.response_types);
  const found = [...new Set(types.map(({ flow }) => flow))];
  if (found.length > 1) {
    throw refusedMember(
      'response_types',
      `${types.map(({ name }) => name).join(', ')} belong to several flows: register a client for each`,
    );
  }
  const missing = found.flatMap(wireGrantTypes).filter((type) => !granted.includes(type));
  if (missing.length > 0) {
    throw refusedMember('response_types', `needs ${missing.join(', ')} among grant_types (RFC 7591 §2.1)`);
  }
  return found;
}

function responseTypesOf(granted: readonly string[], value: unknown) {
  const usual = granted.includes(GrantTypes.authorizationCode) ? ['code'] : [];
  const names = value === undefined ? usual : listOf('response_types', value);
  return names.map((name) => {
    const type = findResponseType(name);
    if (!type) throw refusedMember('response_types', `'${name}' is not supported`);
    return type;
  });
}

export const responseTypes: MetadataMember = {
  name: 'response_types',
  properties: [],
  read: (value, { sent }) => {
    const names = value === undefined ? [] : listOf('response_types', sent.response_types);
    return { allowAccessTokensViaBrowser: names.some((name) => name.split(' ').includes('token')) };
  },
  write: (client) => usableResponseTypes([client]),
};

/** RFC 7591 §2: without a word the client gets what clients of its kind may have. */
export const scope: MetadataMember = {
  name: 'scope',
  properties: ['allowedScopes'],
  read: (value, context) => {
    const open = registrableScopes(context);
    const asked = value === undefined ? open : textOf('scope', value).split(' ').filter(Boolean);
    const named = [...new Set(asked)].filter((name) => name !== Scopes.offlineAccess);
    const beyond = named.filter((name) => !open.includes(name));
    if (beyond.length > 0 && !context.isForMany) {
      throw refusedMember('scope', `${beyond.join(' ')} is not open to this client: ask for some of ${open.join(' ')}`);
    }
    return {
      allowedScopes: named.filter((name) => open.includes(name)),
      allowOfflineAccess: mayHaveRefreshTokens(context, asked),
    };
  },
  write: ({ allowedScopes, allowOfflineAccess }) =>
    [...allowedScopes, ...(allowOfflineAccess ? [Scopes.offlineAccess] : [])].join(' ') || undefined,
};

/** RFC 7591 §2: without a word client_secret_basic; where that is not open, the first that is. */
export const tokenEndpointAuthMethod: MetadataMember = {
  name: 'token_endpoint_auth_method',
  properties: ['tokenEndpointAuthMethod', 'requireClientSecret', 'clientSecrets'],
  read: (value, { policy }) => methodOf(value, policy.tokenEndpointAuthMethods),
  write: ({ tokenEndpointAuthMethod: method }) => method,
};

function methodOf(value: unknown, open: readonly TokenEndpointAuthMethod[]): Partial<ClientInit> {
  const usual = open.includes('client_secret_basic') ? 'client_secret_basic' : open[0];
  const method = open.find((one) => one === (value ?? usual));
  if (!method) throw refusedMember('token_endpoint_auth_method', `must be one of ${open.join(', ')}`);
  return { tokenEndpointAuthMethod: method, requireClientSecret: method !== 'none' };
}

/** Whether the client needs a secret that the server makes. */
export function needsSecret({ tokenEndpointAuthMethod: method }: Pick<Client, 'tokenEndpointAuthMethod'>): boolean {
  return method === 'client_secret_basic' || method === 'client_secret_post';
}
