import type { User } from '@tessera/resource-model';
import type { Database, Step } from '../database/database.js';
import { sql } from '../database/statement.js';
import type { UserRow } from '../schema/user.schema.js';
import type { ConfigurationConflict, KindPlan, PlanRules } from './configuration-plan.js';
import { userKind } from './configured-kinds.js';
import { planKind, rowsOfFile } from './plan-kind.js';

const findHolder = sql(`SELECT subject FROM users WHERE username = ?`);

/** A name that nobody can have, for user names have no space around them: two people may take each other's. */
const free = sql(`UPDATE users SET username = ' ' || subject WHERE subject = ? AND owner = 'file'`);

/** People: their user names are unique as well, and what became of their passwords is theirs. */
export async function planUsers(database: Database, users: readonly User[], rules: PlanRules): Promise<KindPlan> {
  const there = await rowsOfFile(database, userKind);
  const rows: UserRow[] = [];
  for (const user of users) rows.push(await withKnownPassword(userKind.row(user), there.get(user.subject), rules));
  const plan = await planKind(database, userKind, there, rows, rules);
  const conflicts = [...plan.conflicts, ...(await nameConflicts(database, there, rows, rules))];
  const refused = new Set(conflicts.map(({ key }) => key));
  return {
    ...plan,
    changes: plan.changes.filter(({ key }) => !refused.has(key)),
    steps: [...renamed(there, rows), ...plan.steps],
    conflicts,
  };
}

/** A new hash of the same password changes nothing. */
async function withKnownPassword(row: UserRow, earlier: UserRow | undefined, rules: PlanRules): Promise<UserRow> {
  const [known, declared] = [earlier?.declaredPasswordHash, row.declaredPasswordHash];
  if (known === undefined || declared === undefined || known === declared) return row;
  if (!(await rules.isSamePassword?.(row.key, known))) return row;
  return { ...row, passwordHash: known, declaredPasswordHash: known };
}

function renamed(there: ReadonlyMap<string, UserRow>, rows: readonly UserRow[]): Step[] {
  return rows
    .filter(({ key, username }) => there.has(key) && there.get(key)!.username !== username)
    .map(({ key }) => ({ statement: free, values: [key], rows: 1 }));
}

/** User names that somebody has who does not give them up. */
async function nameConflicts(
  database: Database,
  there: ReadonlyMap<string, UserRow>,
  rows: readonly UserRow[],
  { prune = false }: PlanRules,
): Promise<ConfigurationConflict[]> {
  const declared = new Set(rows.map(({ key }) => key));
  const conflicts: ConfigurationConflict[] = [];
  for (const { key, username } of rows) {
    if (there.get(key)?.username === username) continue;
    const holder = (await database.first(findHolder, [username]))?.subject as string | undefined;
    if (holder === undefined || holder === key) continue;
    // Of two who are declared the other has another name now: the file's own names are unique.
    const isOfFile = there.has(holder);
    if (isOfFile && (prune || declared.has(holder))) continue;
    const who = isOfFile ? 'which is not in the file any more: prune it' : 'which the file did not make';
    const problem = `the user name ${JSON.stringify(username)} belongs to user ${JSON.stringify(holder)}, ${who}`;
    conflicts.push({ kind: 'user', key, problem });
  }
  return conflicts;
}
