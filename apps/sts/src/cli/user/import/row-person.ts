import { randomUUID } from 'node:crypto';
import { type Fault, User, withheld } from '@tessera/resource-model';
import { personFaults } from '../person-faults.js';
import type { ImportRow } from './read-rows.js';

/** A person as a row has them: what the row does not say is not there. */
export interface RowPerson {
  readonly subject?: string;
  readonly username: string;
  readonly enabled?: boolean;
  readonly passwordHash?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** What a row means, and what is wrong with it. */
export interface ReadRow {
  readonly person: RowPerson;
  readonly faults: readonly Fault[];
  /** Columns that mean nothing here. */
  readonly unknown: readonly string[];
}

/** Which property the columns of the file are, by their names; what is not in it has its own name. */
export type ColumnMap = ReadonlyMap<string, string>;

/** By their letters alone: `password_hash`, `passwordHash` and `PasswordHash` are the same. */
const properties: ReadonlyMap<string, keyof RowPerson> = new Map([
  ['subject', 'subject'],
  ['username', 'username'],
  ['enabled', 'enabled'],
  ['passwordhash', 'passwordHash'],
  ['claims', 'claims'],
]);

const plainPassword: Fault = {
  path: 'password',
  value: withheld,
  problem: 'is a password as it is typed, which belongs in no file: give password_hash, or leave it out',
};

export function readRow({ fields }: ImportRow, map: ColumnMap): ReadRow {
  const person: Record<string, unknown> = {};
  const claims: Record<string, unknown> = {};
  const unknown: string[] = [];
  const faults: Fault[] = [];
  for (const [column, value] of Object.entries(fields)) {
    const name = map.get(column) ?? column;
    const letters = name.toLowerCase().replaceAll('_', '');
    const property = properties.get(letters);
    if (name.startsWith('claim.')) claims[name.slice('claim.'.length)] = claimValue(name, value);
    else if (property) person[property] = propertyValue(property, value);
    else if (letters === 'password') faults.push(plainPassword);
    else if (name !== '') unknown.push(column);
  }
  const stated = person.claims;
  if (Object.keys(claims).length > 0 && (stated === undefined || typeof stated === 'object')) {
    person.claims = { ...stated, ...claims };
  }
  const read = person as unknown as RowPerson;
  return { person: read, faults: [...faults, ...faultsOf(read)], unknown };
}

/** @param subject of people whose row has none */
export function toUser({ subject = randomUUID(), username, enabled, passwordHash, claims }: RowPerson): User {
  const user = new User({ subject, username });
  if (enabled !== undefined) user.enabled = enabled;
  if (passwordHash !== undefined) user.passwordHash = passwordHash;
  if (claims !== undefined) user.claims = claims;
  return user;
}

function faultsOf(person: RowPerson): Fault[] {
  // No random number for each of a million.
  const user = toUser({ ...person, subject: person.subject ?? 'none' });
  return personFaults(user).map(({ path, value, problem }) =>
    path === 'passwordHash'
      ? { path: 'password_hash', value: withheld, problem: problem.replace(/^passwordHash /, '') }
      : { path: path.replace(/^claims\./, 'claim.'), value, problem: problem.replace(`${path} `, '') },
  );
}

function propertyValue(property: keyof RowPerson, value: unknown): unknown {
  if (property === 'enabled') return truth(value);
  if (property === 'claims') return structured(value);
  // Ids are numbers in many databases, and their JSON.
  return property === 'subject' && typeof value === 'number' ? String(value) : value;
}

const truthClaims: readonly string[] = ['claim.email_verified', 'claim.phone_number_verified'];

/** Text stays text, as a postcode or a telephone number has to, but for what cannot be any. */
function claimValue(name: string, value: unknown): unknown {
  if (truthClaims.includes(name)) return truth(value);
  if (name === 'claim.updated_at' && typeof value === 'string' && /^\d+$/.test(value)) return Number(value);
  if (value === 'true' || value === 'false') return value === 'true';
  return structured(value);
}

/** A list or an object as JSON. */
function structured(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** Yes or no, as databases export it. */
function truth(value: unknown): unknown {
  if (value === 1 || (typeof value === 'string' && /^(?:true|t|1|yes)$/i.test(value))) return true;
  if (value === 0 || (typeof value === 'string' && /^(?:false|f|0|no)$/i.test(value))) return false;
  return value;
}
