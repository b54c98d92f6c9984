import { FlowTypes, GrantTypes, Scopes, type SigningAlgorithm } from '@tessera/protocol';
import type { Client } from '../client.js';
import { backchannelContradictions } from './backchannel-checks.js';
import { certificateContradictions } from './certificate-checks.js';
import { authenticationContradictions } from './client-authentication-checks.js';
import type { Configuration } from './configuration.js';
import type { Fault } from './fault.js';
import { requestObjectContradictions } from './request-object-checks.js';
import { unusableAlgorithms } from './scope-checks.js';
import { suggestion } from './suggestion.js';

/** What a client lists that does not exist, and what it cannot mean. */
export function clientFaults(configuration: Configuration, signingAlgorithms: readonly SigningAlgorithm[]): Fault[] {
  const scopes = new Set([
    ...configuration.identityResources.map(({ name }) => name),
    ...configuration.apiScopes.map(({ name }) => name),
    ...configuration.apiResources.flatMap((resource) => resource.scopes),
  ]);
  return configuration.clients.flatMap((client, index) => {
    const at = (property: keyof Client, value: unknown, problem: string): Fault => ({
      path: `clients[${index}].${property}`,
      value,
      problem,
    });
    return [
      ...client.allowedScopes
        .filter((scope) => !scopes.has(scope))
        .map((scope) => at('allowedScopes', scope, unknownScope(scope, scopes))),
      ...unusableAlgorithms(client.allowedIdentityTokenSigningAlgorithms, signingAlgorithms).map((problem) =>
        at('allowedIdentityTokenSigningAlgorithms', client.allowedIdentityTokenSigningAlgorithms, problem),
      ),
      ...unusableUserinfo(client, signingAlgorithms, at),
      ...contradictions(client, at),
    ];
  });
}

function unknownScope(scope: string, scopes: ReadonlySet<string>): string {
  return scope === Scopes.offlineAccess
    ? 'offline_access is allowed by allowOfflineAccess: true, not by allowedScopes'
    : `is neither an identity resource nor an API scope: declare it, or leave it out${suggestion(scope, scopes)}`;
}

/** Without a key for it userinfo would answer the client with an error, each time. */
function unusableUserinfo(
  { clientId, userinfoSignedResponseAlg: algorithm }: Client,
  signingAlgorithms: readonly SigningAlgorithm[],
  at: At,
): Fault[] {
  if (algorithm === undefined || signingAlgorithms.includes(algorithm)) return [];
  const problem = `the server has no such key: client '${clientId}' can have ${signingAlgorithms.join(', ')}, or add ${algorithm} to the server's signingAlgorithms`;
  return [at('userinfoSignedResponseAlg', algorithm, problem)];
}

type At = (property: keyof Client, value: unknown, problem: string) => Fault;

function contradictions(client: Client, at: At): Fault[] {
  const isPublic = !client.requireClientSecret || client.tokenEndpointAuthMethod === 'none';
  const faults = authenticationContradictions(client, at);
  if (client.allowedGrantTypes.includes(GrantTypes.refreshToken) && !client.allowOfflineAccess) {
    faults.push(
      at(
        'allowedGrantTypes',
        GrantTypes.refreshToken,
        'refresh tokens come with allowOfflineAccess: true; the grant need not be listed',
      ),
    );
  }
  if (client.requireDpop && client.allowAccessTokensViaBrowser) {
    const problem = 'contradicts requireDpop: tokens that come through the browser are bound to nothing';
    faults.push(at('allowAccessTokensViaBrowser', true, problem));
  }
  if (isPublic && client.allowedGrantTypes.includes(GrantTypes.clientCredentials)) {
    faults.push(
      at(
        'allowedGrantTypes',
        client.allowedGrantTypes,
        'client_credentials is for clients that can keep a secret (RFC 6749 §4.4): require one, or leave the grant out',
      ),
    );
  }
  return [
    ...faults,
    ...flowContradictions(client, at),
    ...pairwiseContradictions(client, at),
    ...certificateContradictions(client, at),
    ...requestObjectContradictions(client, at),
    ...backchannelContradictions(client, at),
  ];
}

/** What sends people here must be able to take the answer. */
function flowContradictions(client: Client, at: At): Fault[] {
  const flows = [GrantTypes.authorizationCode, FlowTypes.implicit, FlowTypes.hybrid].filter((flow) =>
    client.allowedGrantTypes.includes(flow),
  );
  const faults: Fault[] = [];
  if (flows.length > 1) {
    const problem = `lists ${flows.join(' and ')}, which do not mix: a client that may use both could be talked into the weaker one`;
    faults.push(at('allowedGrantTypes', client.allowedGrantTypes, problem));
  }
  if (flows.length > 0 && client.redirectUris.length === 0) {
    faults.push(at('redirectUris', [], `needs at least one for ${flows.join(', ')}: where the answer is sent`));
  }
  return [...faults, ...frontChannelContradictions(client, at)];
}

/** The page of somebody else would learn who signs out, and when. */
function frontChannelContradictions({ frontChannelLogoutUri: uri, redirectUris }: Client, at: At): Fault[] {
  if (uri === undefined || redirectUris.length === 0) return [];
  const { origin } = new URL(uri);
  if (redirectUris.some((redirectUri) => new URL(redirectUri).origin === origin)) return [];
  const problem =
    'must have scheme, host and port of one of the redirect URIs (OpenID Connect Front-Channel Logout §2)';
  return [at('frontChannelLogoutUri', uri, problem)];
}

/** OpenID Connect Core §8.1: a sector is one host, and without a salt anybody could compute the identifiers. */
function pairwiseContradictions(client: Client, at: At): Fault[] {
  if (client.subjectType !== 'pairwise') return [];
  const faults: Fault[] = [];
  if (client.pairwiseSubjectSalt === undefined) {
    faults.push(
      at('pairwiseSubjectSalt', undefined, 'is needed for subjectType pairwise: e.g. openssl rand -base64 32'),
    );
  }
  const hosts = new Set(client.redirectUris.map((uri) => new URL(uri).host));
  if (client.sectorIdentifierUri === undefined && hosts.size > 1) {
    const problem = `is needed for subjectType pairwise: the redirect URIs have several hosts (${[...hosts].join(', ')})`;
    faults.push(at('sectorIdentifierUri', undefined, problem));
  }
  return faults;
}

/** RFC 9700 §2.1.1: without a secret the proof key alone tells the client from whoever got hold of its code. */
export function clientWarnings({ clients }: Configuration): Fault[] {
  return clients.flatMap(({ allowedGrantTypes, requireClientSecret, requirePkce }, index) => {
    const getsCodes = [GrantTypes.authorizationCode, FlowTypes.hybrid].some((flow) => allowedGrantTypes.includes(flow));
    if (!getsCodes || requireClientSecret || requirePkce) return [];
    const problem =
      'is for clients with a secret: without one, and without a proof key, whoever gets hold of a code may redeem it';
    return [{ path: `clients[${index}].requirePkce`, value: false, problem }];
  });
}

/** Grants that clients list and nobody registered: told apart from the rest, because grants are registered by code. */
export function grantFaults({ clients }: Configuration, known: readonly string[]): Fault[] {
  return clients.flatMap(({ allowedGrantTypes }, index) =>
    allowedGrantTypes
      .filter((type) => !known.includes(type))
      .map((type) => ({
        path: `clients[${index}].allowedGrantTypes`,
        value: type,
        problem: `this server has no such grant: use ${known.join(', ')}, or register a grant of that type${suggestion(type, known)}`,
      })),
  );
}
