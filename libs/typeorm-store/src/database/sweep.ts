import type { Database } from './database.js';
import { sql } from './statement.js';

export type Sweep = (now: number, limit: number) => Promise<number>;

/** Removes up to `limit` rows that ended before `now`, each by one server where several sweep; tells how many. */
export function sweep(database: Database, table: string, primaryKey: string): Sweep {
  const statement = sql(
    `DELETE FROM ${table} WHERE (${primaryKey}) IN
      (SELECT ${primaryKey} FROM ${table} WHERE expires_at < ? ORDER BY expires_at LIMIT ? ${database.skipLocked})`,
  );
  return (now, limit) => database.run(statement, [now, limit]);
}
