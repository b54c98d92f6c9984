import { Injectable } from '@nestjs/common';
import { StoreUnavailableError } from '@tessera/resource-model';
import { Database } from './database.js';
import { sql } from './statement.js';

const readOnly = sql(`SELECT current_setting('transaction_read_only') AS is_on`);

/** Whether the database takes what has to be written. Nothing is written for the answer, so that of a full disk it knows nothing. */
@Injectable()
export class DatabaseProbe {
  constructor(private readonly database: Database) {}

  /** @throws StoreUnavailableError where it does not answer, or only lets read, as a replica does */
  async check(): Promise<void> {
    if (this.database.dialect === 'sqlite') return;
    const row = await this.database.first(readOnly, []);
    if (row!.is_on === 'on') throw new StoreUnavailableError('The database lets nobody write.');
  }
}
