import type { Database } from './database.js';
import { sql } from './statement.js';

export type Sweep = (now: number, limit: number) => Promise<number>;

/**
 * Removes up to `limit` rows that ended before `now`, each by one server where several sweep; tells how many. MATERIALIZED: the rows are chosen once. As a
 * subquery PostgreSQL may choose anew for each row that it compares, and find others each time.
 */
export function sweep(database: Database, table: string, primaryKey: string): Sweep {
  const statement = sql(
    `WITH ended AS MATERIALIZED
      (SELECT ${primaryKey} FROM ${table} WHERE expires_at < ? ORDER BY expires_at LIMIT ? ${database.skipLocked})
      DELETE FROM ${table} WHERE (${primaryKey}) IN (SELECT ${primaryKey} FROM ended)`,
  );
  return (now, limit) => database.run(statement, [now, limit]);
}
