import type { Database } from './database.js';
import { sql } from './statement.js';

export type Sweep = (now: number, limit: number) => Promise<number>;

/**
 * So many rows go in one statement at the most. On SQLite nobody else in this process gets a turn meanwhile; with the indexes of the widest table 200 rows
 * take about 10 ms.
 */
const atOnce = { sqlite: 200, postgres: Infinity } as const;

/**
 * Removes up to `limit` rows that ended before `now`, by the column `end`, each by one server where several sweep; tells how many. MATERIALIZED: the rows are chosen once. As a
 * subquery PostgreSQL may choose anew for each row that it compares, and find others each time.
 */
export function sweep(database: Database, table: string, primaryKey: string, end = 'expires_at'): Sweep {
  const statement = sql(
    `WITH ended AS MATERIALIZED
      (SELECT ${primaryKey} FROM ${table} WHERE ${end} < ? ORDER BY ${end} LIMIT ? ${database.skipLocked})
      DELETE FROM ${table} WHERE (${primaryKey}) IN (SELECT ${primaryKey} FROM ended)`,
  );
  return async (now, limit) => {
    for (let removed = 0; ;) {
      const wanted = Math.min(limit - removed, atOnce[database.dialect]);
      // Between two statements requests have their turn.
      const ended = await database.run(statement, [now, wanted]);
      removed += ended;
      if (ended < wanted || removed === limit) return removed;
    }
  };
}
