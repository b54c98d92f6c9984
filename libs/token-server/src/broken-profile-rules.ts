import {
  type Client,
  type ProfileName,
  type ResourceCatalogue,
  type RuleStanding,
  standingOf,
} from '@tessera/resource-model';
import type { ResolvedOptions } from './token-server.options.js';

/** A rule that a client breaks, of the profile that it is held to. */
export interface BrokenProfileRule {
  readonly clientId: string;
  readonly profile: ProfileName;
  readonly standing: RuleStanding;
}

type Rules = Pick<ResolvedOptions, 'profile' | 'signingAlgorithms' | 'dpop'>;

/**
 * The rules that clients break. Those of a file were checked with it; one in the database may have been made before the server was given a profile, or before
 * its algorithms were changed.
 */
export function brokenProfileRules(
  clients: readonly Client[],
  catalogue: ResourceCatalogue,
  { profile: ofServer, signingAlgorithms, dpop }: Rules,
): BrokenProfileRule[] {
  const configuration = {
    clients: [],
    identityResources: [...catalogue.identityResources.values()],
    apiScopes: [...catalogue.apiScopes.values()],
    apiResources: [...catalogue.apiResources.values()],
    authorizationDetailTypes: [],
    users: [],
  };
  return clients.flatMap((client) => {
    const profile = client.profile ?? ofServer;
    if (profile === undefined || !client.enabled) return [];
    const subject = { client, configuration, signingAlgorithms, dpopAlgorithms: dpop.algorithms };
    const broken = standingOf(profile, subject).filter(({ holds }) => !holds);
    return broken.map((standing) => ({ clientId: client.clientId, profile, standing }));
  });
}

/** In words: client, rule and source. */
export function describeBrokenRule({ clientId, profile, standing: { rule, source } }: BrokenProfileRule): string {
  return `client '${clientId}' breaks profile '${profile}': ${rule} (${source})`;
}
