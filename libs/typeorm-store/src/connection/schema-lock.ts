import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { patiently, sleepMilliseconds } from '../database/patience.js';
import { sqliteConnectionOf } from '../database/sqlite-connection.js';

/** One for all servers of all versions: whoever holds it changes the schema. */
const migrationLock = 7_283_001;
/** How long SQLite waits for another process that changes the schema; PostgreSQL waits as long as that takes. */
const sqlitePatienceMilliseconds = 60_000;

/**
 * One server at a time looks at the changes of the schema and makes them; the others wait, and find nothing left to do. Even the look comes under the lock:
 * it makes the table in which is written what is done.
 */
export async function underSchemaLock<T>(
  dataSource: DataSource,
  act: (executor: MigrationExecutor) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  const executor = new MigrationExecutor(dataSource, runner);
  const isPostgres = dataSource.options.type === 'postgres';
  executor.transaction = isPostgres ? 'all' : 'none';
  try {
    return await (isPostgres ? lockedByKey(runner, () => act(executor)) : lockedByFile(runner, () => act(executor)));
  } finally {
    await runner.release();
  }
}

async function lockedByKey<T>(runner: QueryRunner, act: () => Promise<T>): Promise<T> {
  await runner.query('SELECT pg_advisory_lock($1)', [migrationLock]);
  try {
    return await act();
  } finally {
    // Where the connection broke, the lock went with it.
    await runner.query('SELECT pg_advisory_unlock($1)', [migrationLock]).catch(() => undefined);
  }
}

/** SQLite's only lock is that of the transaction itself. Nothing else may use the connection meanwhile; nobody has it before it is open. */
async function lockedByFile<T>(runner: QueryRunner, act: () => Promise<T>): Promise<T> {
  const connection = sqliteConnectionOf(runner.connection);
  connection.exec(`PRAGMA busy_timeout = ${sleepMilliseconds}`);
  await runner.beforeMigration();
  try {
    await patiently(() => connection.exec('BEGIN IMMEDIATE'), sqlitePatienceMilliseconds);
    const result = await act();
    connection.exec('COMMIT');
    return result;
  } finally {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    await runner.afterMigration();
  }
}
