import { Injectable } from '@nestjs/common';
import { Database } from './database.js';
import { sql } from './statement.js';

const readClock = sql(`SELECT EXTRACT(EPOCH FROM clock_timestamp()) AS now`);

/** The clock of the machine on which the database runs. */
@Injectable()
export class DatabaseClock {
  constructor(private readonly database: Database) {}

  /** By how many seconds it is ahead of this machine's; undefined where it is this machine's (SQLite). */
  async difference(): Promise<number | undefined> {
    if (this.database.dialect === 'sqlite') return undefined;
    const begun = Date.now();
    const row = await this.database.first(readClock, []);
    return Number(row!.now) - (begun + Date.now()) / 2000;
  }
}
