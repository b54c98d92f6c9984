import { isDeepStrictEqual } from 'node:util';
import { presetsOf, type ProfileName, standingOf } from '@tessera/resource-model';
import { resolveOptions } from '@tessera/token-server';
import type { Settings } from '../../configuration/settings.js';
import { CliFault } from '../cli-fault.js';
import { table } from '../output/table.js';
import { inFileWords, wholeClient } from './file-words.js';

/** Where a value comes from. The file, where what it says differs from what would count without it. */
type Origin = 'file' | 'profile' | 'default';

export interface ClientExplanation {
  readonly clientId: string;
  readonly profile?: ProfileName | undefined;
  readonly settings: readonly {
    readonly name: string;
    readonly value: unknown;
    readonly from: Origin;
    /** The rules of its profile that lock it, with their sources. */
    readonly lockedBy: readonly string[];
  }[];
}

/** @throws CliFault for a client that is not there */
export function explain(settings: Settings, clientId: string): ClientExplanation {
  const { configuration, signingAlgorithms, dpop } = resolveOptions(settings.options).resolved;
  const client = configuration.clients.find((one) => one.clientId === clientId);
  if (!client) throw new CliFault(`There is no client ${JSON.stringify(clientId)} in the file.`);
  const { profile } = client;
  const subject = { client, configuration, signingAlgorithms, dpopAlgorithms: dpop.algorithms };
  const rules = profile === undefined ? [] : standingOf(profile, subject);
  const presets = presetsOf(profile);
  const different = inFileWords.clients(client);
  const originOf = (name: string, value: unknown): Origin => {
    if (Object.hasOwn(presets, name) && isDeepStrictEqual(presets[name], value)) return 'profile';
    return Object.hasOwn(different, name) ? 'file' : 'default';
  };
  return {
    clientId,
    profile,
    settings: Object.entries(wholeClient(client)).map(([name, value]) => ({
      name,
      value,
      from: originOf(name, value),
      lockedBy: rules.filter(({ property }) => property === name).map(({ rule, source }) => `${rule} (${source})`),
    })),
  };
}

/** For people: what was said first, then what counts without being said. */
export function describeExplanation({ clientId, profile, settings }: ClientExplanation): string {
  const order: readonly Origin[] = ['file', 'profile', 'default'];
  const sorted = [...settings].sort((one, other) => order.indexOf(one.from) - order.indexOf(other.from));
  const rows = sorted.flatMap(({ name, value, from, lockedBy }) => [
    [name, JSON.stringify(value), from],
    ...lockedBy.map((rule) => ['', `locked: ${rule}`, '']),
  ]);
  const held = profile === undefined ? 'is held to no profile' : `is held to ${profile}`;
  return `${clientId} ${held}.\n\n${table(rows, ['SETTING', 'VALUE', 'FROM'])}`;
}
