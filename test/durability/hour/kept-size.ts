import { stat } from 'node:fs/promises';
import { openDatabase, type TestDatabase } from '../../../libs/typeorm-store/src/testing/databases.fixture.js';

/** What a database holds at one moment. */
export interface KeptSize {
  readonly rows: ReadonlyMap<string, number>;
  /** Of the tables and their indexes, with the room in them that is free. */
  readonly bytes: number;
  /** Of the write-ahead log (SQLite). */
  readonly log: number;
  /** Of the room that is free: pages (SQLite), or rows that nobody sees any more (PostgreSQL). */
  readonly free: string;
}

/** Looks at the database of the server from beside it. */
export class SizeGauge {
  private constructor(
    private readonly dataSource: TestDatabase['dataSource'],
    private readonly url: string,
  ) {}

  static async open(url: string): Promise<SizeGauge> {
    const { dataSource } = await openDatabase(url);
    return new SizeGauge(dataSource, url);
  }

  /** PostgreSQL: its own clean-up looks around as often in this hour as it does in a real one, which is once a minute. Nothing else is changed. */
  async hurryVacuum(seconds: number): Promise<void> {
    if (this.isSqlite) return;
    await this.dataSource.query(`ALTER SYSTEM SET autovacuum_naptime = '${seconds}s'`);
    await this.dataSource.query('SELECT pg_reload_conf()');
  }

  async rows(): Promise<ReadonlyMap<string, number>> {
    const rows = new Map<string, number>();
    for (const { tableName } of this.dataSource.entityMetadatas) {
      const [{ count }] = await this.query<{ count: string }>(`SELECT count(*) AS count FROM "${tableName}"`);
      rows.set(tableName, Number(count));
    }
    return rows;
  }

  async room(): Promise<Omit<KeptSize, 'rows'>> {
    return this.isSqlite ? this.sqliteRoom() : this.postgresRoom();
  }

  close(): Promise<void> {
    return this.dataSource.destroy();
  }

  private get isSqlite(): boolean {
    return this.url.startsWith('sqlite:');
  }

  private async sqliteRoom(): Promise<Omit<KeptSize, 'rows'>> {
    const [{ size, free }] = await this.query<{ size: number; free: number }>(
      `SELECT page_count * page_size AS size, freelist_count AS free
        FROM pragma_page_count(), pragma_page_size(), pragma_freelist_count()`,
    );
    const { size: log } = await stat(`${this.url.slice('sqlite:'.length)}-wal`);
    return { bytes: size, log, free: `${free} pages free` };
  }

  private async postgresRoom(): Promise<Omit<KeptSize, 'rows'>> {
    const [{ size, live, dead, runs }] = await this.query<Record<'size' | 'live' | 'dead' | 'runs', string>>(
      `SELECT sum(pg_total_relation_size(relid)) AS size, sum(n_live_tup) AS live, sum(n_dead_tup) AS dead,
        sum(autovacuum_count) AS runs FROM pg_stat_user_tables`,
    );
    return { bytes: Number(size), log: 0, free: `${live} live, ${dead} dead, ${runs} vacuums` };
  }

  private async query<T>(text: string): Promise<[T]> {
    return this.dataSource.query<[T]>(text);
  }
}
