import { StoreUnavailableError, type User } from '@tessera/resource-model';
import { CliFault } from '../../cli-fault.js';
import type { People } from '../person-named.js';
import { ImportTally } from './import-tally.js';
import { type ImportRules, judgeAgain, type Judgement, judgeRows, updated } from './judge-rows.js';
import type { ImportRow } from './read-rows.js';
import { toUser } from './row-person.js';

/** What would become of the rows. Nothing is changed. */
export async function checkPeople(
  rows: AsyncIterable<ImportRow>,
  people: People,
  rules: ImportRules,
): Promise<ImportTally> {
  const tally = new ImportTally();
  for await (const batch of judgeRows(rows, people, rules)) batch.forEach((one) => tally.note(one));
  return tally;
}

/** Brings the sound rows into the database. @throws CliFault that says how to go on, where the database goes away */
export async function importPeople(
  rows: AsyncIterable<ImportRow>,
  people: People,
  rules: ImportRules,
): Promise<ImportTally> {
  const tally = new ImportTally();
  try {
    for await (const batch of judgeRows(rows, people, rules)) {
      for (const done of await carryOut(batch, people, rules)) tally.note(done);
    }
  } catch (cause) {
    if (!(cause instanceof StoreUnavailableError)) throw cause;
    const { imported, updated: changed } = tally.counts;
    throw new CliFault(
      `${cause.message} ${imported} people are imported and ${changed} updated so far: --skip-existing (or --update again) goes on from there.`,
      undefined,
      { cause },
    );
  }
  return tally;
}

async function carryOut(batch: readonly Judgement[], people: People, rules: ImportRules): Promise<Judgement[]> {
  const done = batch.filter(({ outcome }) => outcome === 'skip' || outcome === 'faulty');
  for (const outcome of ['add', 'update'] as const) {
    const rows = batch.filter((one) => one.outcome === outcome);
    if (rows.length === 0) continue;
    if (await acts[outcome](rows, people)) done.push(...rows);
    // Somebody changes people at this moment: what stands in the way of one is to stop no other.
    else for (const row of rows) done.push(await carryOutOne(row, people, rules));
  }
  return done;
}

/** All of them or none. False: none, because things are not as they were when the rows were judged. */
type Act = (rows: readonly Judgement[], people: People) => Promise<boolean>;

const acts: Readonly<Record<'add' | 'update', Act>> = {
  add: (rows, people) => people.add(...rows.map(({ person }) => toUser(person))),
  update: (rows, people) => {
    const changes = rows.map(({ subject, person }) => [subject!, (user: User) => updated(user, person)] as const);
    return people.tryChangeAll(new Map(changes)).catch(onTakenName);
  },
};

/** How often others may change something in between. */
const tries = 20;

async function carryOutOne(row: Judgement, people: People, rules: ImportRules): Promise<Judgement> {
  for (let count = 0; count < tries; count++) {
    const judged = await judgeAgain(row, people, rules);
    const { outcome } = judged;
    if (outcome === 'skip' || outcome === 'faulty') return judged;
    if (await acts[outcome]([judged], people)) return judged;
  }
  const problem = 'was changed by others all the time: import it again';
  return { ...row, outcome: 'faulty', faults: [{ path: 'username', value: row.person.username, problem }] };
}

/** A user name that somebody took meanwhile is an error of the database. */
function onTakenName(error: unknown): false {
  const { code = '' } = error as { readonly code?: string };
  if (code === '23505' || code.startsWith('SQLITE_CONSTRAINT')) return false;
  throw error;
}
