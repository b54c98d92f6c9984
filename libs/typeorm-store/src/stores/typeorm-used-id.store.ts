import { Injectable } from '@nestjs/common';
import { UsedIdStore } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { type Sweep, sweep } from '../database/sweep.js';
import { Table } from '../database/table.js';
import { usedIdSchema } from '../schema/used-id.schema.js';

const table = new Table(usedIdSchema);
const use = sql(`${table.insert.text} ON CONFLICT (id) DO NOTHING`);

@Injectable()
export class TypeOrmUsedIdStore extends UsedIdStore {
  private readonly removeEnded: Sweep;

  constructor(private readonly database: Database) {
    super();
    this.removeEnded = sweep(database, 'used_ids', 'id');
  }

  async use(id: string, expiresAt: number): Promise<boolean> {
    return (await this.database.run(use, table.values({ id, expiresAt }))) === 1;
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    return this.removeEnded(now, limit);
  }
}
