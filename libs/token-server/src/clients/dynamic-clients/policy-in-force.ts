import { GrantTypes } from '@tessera/protocol';
import {
  Client,
  type ClientPolicy,
  type RegisteredClient,
  type RegistrationRules,
  type ResourceCatalogue,
  standingOf,
} from '@tessera/resource-model';
import type { ResolvedOptions } from '../../token-server.options.js';
import { wireGrantTypes } from '../client-metadata/flow-members.js';
import { redirectUriProblem } from '../client-metadata/redirect-uri-members.js';
import { registrableScopes } from '../client-metadata/registrable-scopes.js';

/** A registered client as far as the policy goes that is in force now: it may have registered under another one. */
export interface HeldClient {
  /** Undefined: nothing is done for it. */
  readonly client: Client | undefined;
  /** What the policy has taken from it, in words; none: it may be all that it registered. */
  readonly losses: readonly string[];
}

type Rules = Pick<ResolvedOptions, 'registration' | 'profile' | 'signingAlgorithms' | 'dpop'>;

/** What clients may be that were registered with the token of that name; once it is gone, what the others may be. */
export function registrationPolicy(
  { initialAccessTokens, policy }: RegistrationRules,
  tokenName: string | undefined,
): ClientPolicy {
  return initialAccessTokens.find(({ name }) => name === tokenName)?.policy ?? policy;
}

/** What the policy does not list any more is gone; a client that cannot go on without it is as good as unknown. */
export function heldToPolicy(
  { client, initialAccessToken }: RegisteredClient,
  rules: Rules,
  catalogue: ResourceCatalogue,
): HeldClient {
  const policy = registrationPolicy(rules.registration, initialAccessToken);
  const held = narrowed(client, policy, catalogue);
  const losses = [
    ...lost('grant type', client, held, 'allowedGrantTypes'),
    ...lost('scope', client, held, 'allowedScopes'),
  ];
  losses.push(...lost('redirect URI', client, held, 'redirectUris'));
  losses.push(...lost('post-logout redirect URI', client, held, 'postLogoutRedirectUris'));
  if (client.allowOfflineAccess && !held.allowOfflineAccess) losses.push('refresh tokens');
  if (!client.requirePkce && held.requirePkce) losses.push('codes without a proof key');
  const bar = methodBar(client, policy) ?? profileBar(held, policy.profile ?? rules.profile, rules, catalogue);
  if (bar !== undefined) return { client: undefined, losses: [`everything: ${bar}`] };
  return { client: losses.length === 0 ? client : held, losses };
}

function narrowed(client: Client, policy: ClientPolicy, catalogue: ResourceCatalogue): Client {
  const scopes = openScopes(policy, catalogue);
  const context = { policy, sent: { application_type: client.properties.application_type } };
  const isOpenUri = (uri: string) => redirectUriProblem(uri, context) === undefined;
  const isOpenGrant = (type: string) => wireGrantTypes(type).every((one) => policy.grantTypes.includes(one));
  return new Client({
    ...client,
    allowedGrantTypes: client.allowedGrantTypes.filter(isOpenGrant),
    allowedScopes: client.allowedScopes.filter((scope) => scopes.has(scope)),
    allowOfflineAccess: client.allowOfflineAccess && policy.grantTypes.includes(GrantTypes.refreshToken),
    redirectUris: client.redirectUris.filter(isOpenUri),
    postLogoutRedirectUris: client.postLogoutRedirectUris.filter(isOpenUri),
    requirePkce: client.requirePkce || policy.requirePkce,
  });
}

/** They change only with the configuration, and requests that name a registered client are many. */
const scopesByCatalogue = new WeakMap<ResourceCatalogue, Map<ClientPolicy, ReadonlySet<string>>>();

function openScopes(policy: ClientPolicy, catalogue: ResourceCatalogue): ReadonlySet<string> {
  const byPolicy = scopesByCatalogue.get(catalogue) ?? new Map<ClientPolicy, ReadonlySet<string>>();
  scopesByCatalogue.set(catalogue, byPolicy);
  const scopes = byPolicy.get(policy) ?? new Set(registrableScopes({ policy, catalogue }));
  byPolicy.set(policy, scopes);
  return scopes;
}

type Lists = 'allowedGrantTypes' | 'allowedScopes' | 'redirectUris' | 'postLogoutRedirectUris';

function lost(what: string, before: Client, after: Client, property: Lists): string[] {
  const left = new Set(after[property]);
  return before[property].filter((one) => !left.has(one)).map((one) => `${what} ${one}`);
}

function methodBar({ tokenEndpointAuthMethod: method }: Client, policy: ClientPolicy): string | undefined {
  if (method === undefined || policy.tokenEndpointAuthMethods.includes(method)) return undefined;
  return `it authenticates by ${method}, which is not open to it`;
}

/** A client that registered under the profile was compared with it then; its rules, and the server's algorithms, may be others now. */
function profileBar(
  client: Client,
  profile: ClientPolicy['profile'],
  { signingAlgorithms, dpop }: Rules,
  catalogue: ResourceCatalogue,
): string | undefined {
  if (profile === undefined) return undefined;
  const configuration = { ...emptyConfiguration, apiResources: [...catalogue.apiResources.values()] };
  const subject = { client, configuration, signingAlgorithms, dpopAlgorithms: dpop.algorithms };
  const broken = standingOf(profile, subject).find(({ holds }) => !holds);
  return broken && `it breaks profile '${profile}': ${broken.rule} (${broken.source})`;
}

const emptyConfiguration = {
  clients: [],
  apiScopes: [],
  identityResources: [],
  authorizationDetailTypes: [],
  users: [],
};
