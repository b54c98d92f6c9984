import { readFileSync } from 'node:fs';
import { type Fault, Secret, sha256, suggestion } from '@tessera/resource-model';

const sources = ['sha256', 'sha512', 'plain', 'env', 'file'] as const;
const others = ['description', 'expiration'];

/** What a secret's place stands in for while the file has faults: never used. */
const placeholder = () => new Secret(sha256(''));

/**
 * A secret as the file gives it: its hash (`sha256`, `sha512`, base64), or where it is to be found: `plain`, `env` (the name of a
 * variable) or `file` (a path; one line end at the end does not count). Only the hash is kept.
 */
export function readSecret(
  entry: unknown,
  path: string,
  variables: Readonly<Record<string, string | undefined>>,
  faults: Fault[],
): Secret {
  if (typeof entry !== 'object' || entry === null) {
    faults.push({ path, value: undefined, problem: `must be an object with one of ${sources.join(', ')}` });
    return placeholder();
  }
  const given = sources.filter((source) => source in entry);
  const unknown = Object.keys(entry).filter((name) => !([...sources, ...others] as string[]).includes(name));
  for (const name of unknown) {
    const problem = `is not a property of a secret${suggestion(name, [...sources, ...others])}`;
    faults.push({ path: `${path}.${name}`, value: undefined, problem });
  }
  const [source] = given;
  if (source === undefined || given.length > 1) {
    faults.push({ path, value: given, problem: `must have exactly one of ${sources.join(', ')}` });
    return placeholder();
  }
  const { description, expiration, ...rest } = entry as Record<string, unknown>;
  const value = readSource(source, rest[source], `${path}.${source}`, variables, faults);
  return new Secret(value ?? placeholder().value, {
    ...(description === undefined ? {} : { description: description as string }),
    ...(expiration === undefined ? {} : { expiration: readTime(expiration, `${path}.expiration`, faults) }),
  });
}

function readSource(
  source: (typeof sources)[number],
  value: unknown,
  path: string,
  variables: Readonly<Record<string, string | undefined>>,
  faults: Fault[],
): string | undefined {
  if (typeof value !== 'string' || value === '') {
    faults.push({ path, value: undefined, problem: 'must be text, and not empty' });
    return undefined;
  }
  if (source === 'sha256' || source === 'sha512') {
    const bytes = source === 'sha256' ? 32 : 64;
    if (Buffer.from(value, 'base64').length === bytes && Buffer.from(value, 'base64').toString('base64') === value)
      return value;
    faults.push({
      path,
      value: undefined,
      problem: `must be the base64 of the ${bytes} bytes of a hash: printf %s SECRET | openssl dgst -${source} -binary | base64`,
    });
    return undefined;
  }
  if (source === 'plain') return sha256(value);
  if (source === 'env') {
    if (variables[value]) return sha256(variables[value]);
    faults.push({ path, value, problem: 'names a variable that is not set: set it, or correct the name' });
    return undefined;
  }
  return readSecretFile(value, path, faults);
}

function readSecretFile(file: string, path: string, faults: Fault[]): string | undefined {
  try {
    const secret = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    if (secret !== '') return sha256(secret);
    faults.push({ path, value: file, problem: 'names a file that is empty' });
  } catch (error) {
    faults.push({ path, value: file, problem: `names a file that cannot be read: ${(error as Error).message}` });
  }
  return undefined;
}

/** Seconds since 1970, or a date: `2027-01-31` or `2027-01-31T12:00:00Z`. */
function readTime(value: unknown, path: string, faults: Fault[]): number {
  const seconds = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) / 1000 : Number.NaN;
  if (Number.isInteger(seconds) && seconds > 0) return seconds;
  faults.push({ path, value, problem: 'must be seconds since 1970, or a date such as 2027-01-31T12:00:00Z' });
  return 1;
}
