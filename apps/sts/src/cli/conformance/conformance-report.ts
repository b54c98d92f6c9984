import { type ProfileName, type RuleStanding, standingOf } from '@tessera/resource-model';
import { resolveOptions } from '@tessera/token-server';
import type { Settings } from '../../configuration/settings.js';
import { CliFault } from '../cli-fault.js';
import { table } from '../output/table.js';

/** How one client stands to one profile. */
export interface ClientConformance {
  readonly clientId: string;
  readonly profile: ProfileName;
  /** Whether the client is held to it: then a rule that it breaks stops the start. */
  readonly isHeldToIt: boolean;
  readonly rules: readonly RuleStanding[];
}

/** The clients of the file, or the one asked for. @throws CliFault for a client that is not there */
export function conformanceOf(
  settings: Settings,
  asked: { readonly profile?: ProfileName | undefined; readonly client?: string | undefined },
): readonly ClientConformance[] {
  const { configuration, signingAlgorithms, dpop } = resolveOptions(settings.options).resolved;
  const clients = configuration.clients.filter(
    ({ clientId }) => asked.client === undefined || clientId === asked.client,
  );
  if (asked.client !== undefined && clients.length === 0) {
    throw new CliFault(`There is no client ${JSON.stringify(asked.client)} in the file.`);
  }
  return clients.map((client) => {
    const profile = asked.profile ?? client.profile ?? 'oauth21';
    const rules = standingOf(profile, { client, configuration, signingAlgorithms, dpopAlgorithms: dpop.algorithms });
    return { clientId: client.clientId, profile, isHeldToIt: client.profile === profile, rules };
  });
}

/** For people: a line for each rule, and under one that does not hold what would mend it. */
export function describeConformance(report: readonly ClientConformance[]): string {
  if (report.length === 0) return 'The file has no clients.';
  return report
    .map(({ clientId, profile, isHeldToIt, rules }) => {
      const held = rules.filter(({ holds }) => holds).length;
      const head = `${clientId}: ${held} of ${rules.length} rules of ${profile} hold${isHeldToIt ? ', which it is held to' : ''}`;
      const lines = rules.flatMap(({ holds, rule, source, mend }) => [
        [holds ? '  ok' : '  NO', rule, source],
        ...(holds ? [] : [['', `needs ${mend}`, '']]),
      ]);
      return `${head}\n${table(lines)}`;
    })
    .join('\n\n');
}
