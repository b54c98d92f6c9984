import { type Fault, Secret, sha256, suggestion, withheld } from '@tessera/resource-model';
import { textSources, type Variables } from './secret-text.js';

/** Where a secret may come from; an entry has exactly one of them. */
export const secretSources = ['sha256', 'sha512', 'plain', 'env', 'file'] as const;
type SecretSource = (typeof secretSources)[number];

const known: readonly string[] = [...secretSources, 'description', 'expiration'];

/** What a secret's place stands in for while the file has faults: never used. */
const placeholder = () => new Secret(sha256(''));

/**
 * A secret as the file gives it: its hash (`sha256`, `sha512`, base64), or where it is to be found: `plain`, `env` (the name of a
 * variable) or `file` (a path; one line end at the end does not count). Only the hash is kept.
 */
export function readSecret(entry: unknown, path: string, variables: Variables, faults: Fault[]): Secret {
  const add = (at: string, problem: string, value: unknown = withheld) => faults.push({ path: at, value, problem });
  const expected = `exactly one of ${secretSources.join(', ')}`;
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    add(path, `must be an object with ${expected}`);
    return placeholder();
  }
  // What is written down without a value counts as left out.
  const given = Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null));
  for (const name of Object.keys(given).filter((key) => !known.includes(key))) {
    add(`${path}.${name}`, `is not a property of a secret${suggestion(name, known)}`);
  }
  const [source, ...more] = secretSources.filter((candidate) => candidate in given);
  if (source === undefined || more.length > 0) {
    add(path, `must have ${expected}, but has ${source ? [source, ...more].join(' and ') : 'none of them'}`);
    return placeholder();
  }
  const value = readSource(source, given[source], variables, (problem) => add(`${path}.${source}`, problem));
  const { description, expiration } = given;
  return new Secret(value ?? placeholder().value, {
    ...(description === undefined ? {} : { description: description as string }),
    ...(expiration === undefined ? {} : { expiration: readTime(expiration, `${path}.expiration`, faults) }),
  });
}

function readSource(
  source: SecretSource,
  text: unknown,
  variables: Variables,
  fail: (problem: string) => void,
): string | undefined {
  if (typeof text !== 'string' || text === '') {
    fail('must be text, and not empty; quote a number');
    return undefined;
  }
  if (source === 'sha256' || source === 'sha512') return readHash(source, text, fail);
  const secret = textSources[source](text, fail, variables);
  return secret === undefined ? undefined : sha256(secret);
}

function readHash(algorithm: 'sha256' | 'sha512', text: string, fail: (problem: string) => void): string | undefined {
  const bytes = algorithm === 'sha256' ? 32 : 64;
  const hash = Buffer.from(text, 'base64');
  if (hash.length === bytes && hash.toString('base64') === text) return text;
  fail(
    `must be the base64 of the ${bytes} bytes of a hash: printf %s SECRET | openssl dgst -${algorithm} -binary | openssl base64 -A`,
  );
  return undefined;
}

/** A date with or without a time; a time says its zone. */
export const datePattern = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** Seconds since 1970, or a date: `2027-01-31` or `2027-01-31T12:00:00Z`. */
function readTime(value: unknown, path: string, faults: Fault[]): number {
  const seconds = typeof value === 'string' ? parseDate(value) : value;
  if (typeof seconds === 'number' && Number.isSafeInteger(seconds) && seconds > 0) return seconds;
  faults.push({
    path,
    value,
    problem: 'must be seconds since 1970, or a date such as 2027-01-31 or 2027-01-31T12:00:00Z',
  });
  return 1;
}

/** Seconds since 1970 of a date; undefined where it is none. */
export function parseDate(text: string): number | undefined {
  const day = datePattern.exec(text)?.[1];
  // Date would take 31 February for 3 March.
  if (day === undefined || !isDay(day)) return undefined;
  return Math.floor(Date.parse(text) / 1000);
}

function isDay(day: string): boolean {
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}
