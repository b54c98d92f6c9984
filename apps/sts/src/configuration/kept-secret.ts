import { type Fault, withheld } from '@tessera/resource-model';
import { textSources, type Variables } from './secret-text.js';

/** Where a secret that is kept as it is may come from. */
export const keptSecretSources = ['plain', 'env', 'file'] as const;

/** A secret that is kept as it is, because nothing can be computed with its hash: the text itself, or where it is to be found. */
export function readKeptSecret(entry: unknown, path: string, variables: Variables, faults: Fault[]): unknown {
  if (entry === undefined || typeof entry === 'string') return entry;
  const given = typeof entry === 'object' && entry !== null ? Object.entries(entry) : [];
  const [name, text] = given[0] ?? [];
  const source = keptSecretSources.find((candidate) => candidate === name);
  if (!source || given.length > 1 || typeof text !== 'string' || text === '') {
    const problem = `must be text, or an object with exactly one of ${keptSecretSources.join(', ')}, which is text`;
    faults.push({ path, value: withheld, problem });
    return undefined;
  }
  const fail = (problem: string) => faults.push({ path: `${path}.${source}`, value: withheld, problem });
  return textSources[source](text, fail, variables);
}
