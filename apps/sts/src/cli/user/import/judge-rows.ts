import { isDeepStrictEqual } from 'node:util';
import { type Fault, normalizeUsername, User } from '@tessera/resource-model';
import { needsRehash } from '@tessera/accounts';
import type { ConfiguredEntry } from '@tessera/typeorm-store';
import type { People } from '../person-named.js';
import { EarlierRows } from './earlier-rows.js';
import type { ImportRow } from './read-rows.js';
import { type ColumnMap, readRow, type RowPerson } from './row-person.js';

/** What happens to people who are there already. */
export type ExistingRule = 'refuse' | 'skip' | 'update';

export interface ImportRules {
  readonly existing: ExistingRule;
  readonly map: ColumnMap;
  /** Where a line is, for people. */
  readonly place: (line: number) => string;
}

/** What is to happen to one row. */
export interface Judgement {
  readonly line: number;
  readonly outcome: 'add' | 'update' | 'skip' | 'faulty';
  readonly person: RowPerson;
  /** Whom it is to change. */
  readonly subject?: string;
  readonly faults: readonly Fault[];
  /** Columns that mean nothing here. */
  readonly unknown: readonly string[];
}

/** So many people are looked up, and made, at once. */
const batchSize = 500;

/** Says of each row what is to happen to it, as things are now, in batches. Nothing is changed. */
export async function* judgeRows(
  rows: AsyncIterable<ImportRow>,
  people: People,
  rules: ImportRules,
): AsyncGenerator<readonly Judgement[]> {
  const earlier = new EarlierRows(rules.place);
  for await (const batch of batches(rows)) {
    const sound = batch.map((row) => judgeAlone(row, earlier, rules.map));
    const wanted = sound.filter(({ outcome }) => outcome === 'add').map(({ person }) => person);
    const holders = new Holders(await people.holdersOf(wanted));
    yield sound.map((row) => (row.outcome === 'add' ? judgeBeside(row, holders, rules.existing) : row));
  }
}

/** Says it of a sound row once more: others change people, too. */
export async function judgeAgain(row: Judgement, people: People, { existing }: ImportRules): Promise<Judgement> {
  return judgeBeside({ ...row, outcome: 'add' }, new Holders(await people.holdersOf([row.person])), existing);
}

async function* batches(rows: AsyncIterable<ImportRow>): AsyncGenerator<readonly ImportRow[]> {
  let batch: ImportRow[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function judgeAlone(row: ImportRow, earlier: EarlierRows, map: ColumnMap): Judgement {
  const { line, broken } = row;
  if (broken !== undefined) {
    const faults = [{ path: '', value: undefined, problem: broken }];
    return { line, outcome: 'faulty', person: { username: '' }, faults, unknown: [] };
  }
  const { person, faults, unknown } = readRow(row, map);
  const all = faults.length > 0 ? faults : earlier.note(line, person);
  return { line, outcome: all.length > 0 ? 'faulty' : 'add', person, faults: all, unknown };
}

/** Those in the database who have the subjects and user names of a batch. */
class Holders {
  private readonly subjects: ReadonlyMap<string, ConfiguredEntry<User>>;
  private readonly usernames: ReadonlyMap<string, ConfiguredEntry<User>>;

  constructor(entries: readonly ConfiguredEntry<User>[]) {
    this.subjects = new Map(entries.map((entry) => [entry.item.subject, entry]));
    this.usernames = new Map(entries.map((entry) => [normalizeUsername(entry.item.username), entry]));
  }

  ofSubject(subject: string): ConfiguredEntry<User> | undefined {
    return this.subjects.get(subject);
  }

  ofUsername(username: string): ConfiguredEntry<User> | undefined {
    return this.usernames.get(normalizeUsername(username));
  }
}

/** A row without a subject means whoever has its user name. */
function judgeBeside(row: Judgement, holders: Holders, rule: ExistingRule): Judgement {
  const { subject, username } = row.person;
  const holder = holders.ofUsername(username);
  const existing = subject === undefined ? holder : holders.ofSubject(subject);
  if (holder && holder.item.subject !== existing?.item.subject && rule !== 'skip') return refused(row, takenBy(holder));
  if (!existing) return holder ? refused(row, takenBy(holder)) : row;
  if (rule === 'refuse') return refused(row, thereAlready(existing));
  // What the file declares is changed there.
  if (rule === 'skip' || existing.isOfFile) return { ...row, outcome: 'skip' };
  const isSame = isDeepStrictEqual(updated(existing.item, row.person), existing.item);
  return { ...row, outcome: isSame ? 'skip' : 'update', subject: existing.item.subject };
}

/** What a row makes of a person: it says nothing of what it does not have. A password that was set or used here is newer than any from elsewhere. */
export function updated(user: User, { username, enabled, passwordHash, claims }: RowPerson): User {
  const isOurs = user.passwordHash !== undefined && !needsRehash(user.passwordHash);
  const changed = new User({ ...user, username, claims: { ...user.claims, ...claims } });
  if (enabled !== undefined) changed.enabled = enabled;
  if (passwordHash !== undefined && !isOurs) changed.passwordHash = passwordHash;
  return changed;
}

function refused(row: Judgement, fault: Fault): Judgement {
  return { ...row, outcome: 'faulty', faults: [fault] };
}

function takenBy({ item }: ConfiguredEntry<User>): Fault {
  return {
    path: 'username',
    value: item.username,
    problem: `belongs to somebody else, whose subject is ${item.subject}`,
  };
}

function thereAlready({ item }: ConfiguredEntry<User>): Fault {
  const problem = 'is there already: leave such people as they are by --skip-existing, or change them by --update';
  return { path: 'subject', value: item.subject, problem };
}
