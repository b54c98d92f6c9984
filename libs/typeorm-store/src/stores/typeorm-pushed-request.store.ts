import { Injectable } from '@nestjs/common';
import { type HandleHash, type PushedRequest, PushedRequestStore } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { type Sweep, sweep } from '../database/sweep.js';
import { Table } from '../database/table.js';
import { pushedRequestSchema } from '../schema/pushed-request.schema.js';

const table = new Table(pushedRequestSchema);
const find = sql(`SELECT ${table.columns} FROM pushed_requests WHERE handle_hash = ?`);
const remove = sql(`DELETE FROM pushed_requests WHERE handle_hash = ?`);

@Injectable()
export class TypeOrmPushedRequestStore extends PushedRequestStore {
  private readonly removeEnded: Sweep;

  constructor(private readonly database: Database) {
    super();
    this.removeEnded = sweep(database, 'pushed_requests', 'handle_hash');
  }

  async add(request: PushedRequest): Promise<void> {
    await this.database.run(table.insert, table.values(request));
  }

  async find(handleHash: HandleHash): Promise<PushedRequest | undefined> {
    return table.readOptional(await this.database.first(find, [handleHash]));
  }

  async remove(handleHash: HandleHash): Promise<void> {
    await this.database.run(remove, [handleHash]);
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    return this.removeEnded(now, limit);
  }
}
