// What is asked for on the command line. Whatever is wrong there ends the process with 2.
import { parseArgs } from 'node:util';
import { pinning } from './pinning.js';

/** What every bench takes. */
const roundOptions = {
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  'warm-up': { type: 'string' },
  connections: { type: 'string', default: '32' },
  only: { type: 'string', multiple: true, default: [] },
};

/**
 * @param defaults for `rounds`, `seconds` and `warm-up`
 * @param options that this bench alone takes, as parseArgs wants them
 * @returns what all benches take as numbers, and `values`: everything as text
 */
export function readSettings(defaults, options = {}) {
  const { values } = parseArgs({ options: { ...roundOptions, ...options } });
  const given = { ...defaults, ...values };
  return {
    values,
    rounds: wholeNumber('rounds', given.rounds, 1),
    seconds: wholeNumber('seconds', given.seconds, 1),
    warmUpSeconds: wholeNumber('warm-up', given['warm-up'], 0),
    connections: wholeNumber('connections', given.connections, 1),
  };
}

export function refuseUnknown(option, names, known) {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  console.error(`${option} knows no ${unknown.join(', ')}. There are ${known.join(', ')}.`);
  process.exit(2);
}

export function wholeNumber(option, text, least) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  console.error(`--${option} must be a whole number of at least ${least}, not '${text}'.`);
  process.exit(2);
}

/** Whether the figures of this run can be worth something. */
export function tellOfPinning(connections) {
  console.log(
    pinning.possible
      ? `Server on one core, load on another, ${connections} connections.`
      : `NOT PINNED: ${pinning.why}. Server and load take each other's time; do not publish these figures.`,
  );
}
