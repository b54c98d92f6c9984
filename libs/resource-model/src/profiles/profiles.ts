// The profiles: a list to read. What a client is held to, what is preset for it, and how it stands.
import type { Fault } from '../configuration/fault.js';
import { fapi2MessageSigning, fapi2Security } from './fapi2.js';
import { fapiCiba } from './fapi-ciba.js';
import { mcp } from './mcp.js';
import { oauth21 } from './oauth21.js';
import type { ProfileRule, ProfileSubject } from './profile.js';
import type { ProfileName } from './profile-presets.js';

const profiles: Readonly<Record<ProfileName, readonly ProfileRule[]>> = {
  oauth21,
  mcp,
  'fapi2-security': fapi2Security,
  'fapi2-message-signing': fapi2MessageSigning,
  'fapi-ciba': fapiCiba,
};

/** How a client stands to one rule. */
export interface RuleStanding extends Pick<ProfileRule, 'source' | 'rule' | 'property' | 'mend'> {
  readonly holds: boolean;
}

/** Rule by rule: what of a profile holds for a client, whether or not it is held to it. */
export function standingOf(profile: ProfileName, subject: ProfileSubject): readonly RuleStanding[] {
  return profiles[profile].map(({ source, rule, property, mend, holds }) => ({
    source,
    rule,
    property,
    mend,
    holds: holds(subject),
  }));
}

/** Where clients are held to a profile and do not keep it: what the profile locks cannot be set otherwise. */
export function profileFaults(server: Omit<ProfileSubject, 'client'>): Fault[] {
  return server.configuration.clients.flatMap((client, index) => {
    const { profile } = client;
    if (profile === undefined) return [];
    const broken = standingOf(profile, { ...server, client }).filter(({ holds }) => !holds);
    return broken.map(({ property, rule, source, mend }) => ({
      path: `clients[${index}].${property}`,
      value: client[property],
      problem: `breaks profile '${profile}': ${rule} (${source}) It needs ${mend}`,
    }));
  });
}
