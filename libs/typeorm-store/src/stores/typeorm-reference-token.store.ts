import { Injectable } from '@nestjs/common';
import { type HandleHash, type ReferenceToken, ReferenceTokenStore } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { type Sweep, sweep } from '../database/sweep.js';
import { Table } from '../database/table.js';
import { referenceTokenSchema } from '../schema/reference-token.schema.js';

const table = new Table(referenceTokenSchema);
const find = sql(`SELECT ${table.columns} FROM reference_tokens WHERE handle_hash = ?`);
const remove = sql(`DELETE FROM reference_tokens WHERE handle_hash = ?`);
const removeFamily = sql(`DELETE FROM reference_tokens WHERE family_id = ?`);
const removeGrants = sql(`DELETE FROM reference_tokens WHERE subject = ? AND client_id = ?`);

@Injectable()
export class TypeOrmReferenceTokenStore extends ReferenceTokenStore {
  private readonly removeEnded: Sweep;

  constructor(private readonly database: Database) {
    super();
    this.removeEnded = sweep(database, 'reference_tokens', 'handle_hash');
  }

  async add(token: ReferenceToken): Promise<void> {
    await this.database.run(table.insert, table.values(token));
  }

  async find(handleHash: HandleHash): Promise<ReferenceToken | undefined> {
    return table.readOptional(await this.database.first(find, [handleHash]));
  }

  async remove(handleHash: HandleHash): Promise<void> {
    await this.database.run(remove, [handleHash]);
  }

  async removeFamily(familyId: string): Promise<void> {
    await this.database.run(removeFamily, [familyId]);
  }

  async removeGrants(subject: string, clientId: string): Promise<void> {
    await this.database.run(removeGrants, [subject, clientId]);
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    return this.removeEnded(now, limit);
  }
}
