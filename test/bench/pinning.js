// One core for the server, another for the load: otherwise they measure each other.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

export const serverCore = 0;
export const loadCore = 1;

export const pinning = findPinning();

/** The command that runs Node on one core; Node alone where that cannot be done. */
export function nodeOn(core, args) {
  return pinning.possible ? ['taskset', ['-c', String(core), process.execPath, ...args]] : [process.execPath, args];
}

/** Puts this process beside the load, away from the server. */
export function stayBesideLoad() {
  stayOn(loadCore);
}

/** Puts this process on one core, with all its threads. */
export function stayOn(core) {
  if (pinning.possible) spawnSync('taskset', ['-a', '-p', '-c', String(core), String(process.pid)]);
}

function findPinning() {
  if (availableParallelism() < 2) return { possible: false, why: 'there is only one core' };
  const tried = spawnSync('taskset', ['-c', `${serverCore},${loadCore}`, process.execPath, '-e', '']);
  if (tried.error) return { possible: false, why: 'there is no taskset (Linux, package util-linux)' };
  return tried.status === 0
    ? { possible: true }
    : { possible: false, why: `taskset may not use the cores ${serverCore} and ${loadCore}` };
}
