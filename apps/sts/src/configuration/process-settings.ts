import { availableParallelism } from 'node:os';
import type { Fault } from '@tessera/resource-model';

/** How many processes serve, and how they come to their end. */
export interface ProcessSettings {
  /** How many processes share the port. */
  readonly workers: number;
  /** Seconds for which a server that was told to end goes on serving, so that those in front of it learn that it ends. */
  readonly drainSeconds: number;
}

const mostWorkers = 256;
const longestDrain = 600;
/** Longer than a load balancer takes between two looks at /health/ready. */
const productionDrain = 5;

export function readProcessSettings(
  get: (name: string) => string | undefined,
  { databaseUrl, production }: { readonly databaseUrl: string; readonly production: boolean },
  faults: Fault[],
): ProcessSettings {
  const workers = readWorkers(get('STS_WORKERS'), faults);
  if (workers > 1 && databaseUrl === 'memory:') {
    faults.push({
      path: 'STS_WORKERS',
      value: get('STS_WORKERS'),
      problem:
        'needs a database, as each process would know its own tokens alone: must be 1 with STS_DATABASE_URL=memory:',
    });
  }
  return { workers, drainSeconds: readDrain(get('STS_DRAIN_SECONDS'), production ? productionDrain : 0, faults) };
}

function readWorkers(text: string | undefined, faults: Fault[]): number {
  if (text === undefined) return 1;
  if (text === 'auto') return availableParallelism();
  const workers = Number(text);
  if (/^\d+$/.test(text) && workers >= 1 && workers <= mostWorkers) return workers;
  faults.push({ path: 'STS_WORKERS', value: text, problem: `must be auto or a number from 1 to ${mostWorkers}` });
  return 1;
}

function readDrain(text: string | undefined, usual: number, faults: Fault[]): number {
  if (text === undefined) return usual;
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds <= longestDrain) return seconds;
  faults.push({ path: 'STS_DRAIN_SECONDS', value: text, problem: `must be seconds from 0 to ${longestDrain}` });
  return usual;
}
