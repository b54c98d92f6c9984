import { Injectable } from '@nestjs/common';
import { type AuthorizationCode, AuthorizationCodeStore, type HandleHash } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { type Sweep, sweep } from '../database/sweep.js';
import { Table } from '../database/table.js';
import { authorizationCodeSchema } from '../schema/authorization-code.schema.js';

const table = new Table(authorizationCodeSchema);
const find = sql(`SELECT ${table.columns} FROM authorization_codes WHERE handle_hash = ?`);
const redeem = sql(`UPDATE authorization_codes SET redeemed = true WHERE handle_hash = ? AND redeemed = false`);
const removeGrants = sql(`DELETE FROM authorization_codes WHERE subject = ? AND client_id = ? RETURNING family_id`);

@Injectable()
export class TypeOrmAuthorizationCodeStore extends AuthorizationCodeStore {
  private readonly removeEnded: Sweep;

  constructor(private readonly database: Database) {
    super();
    this.removeEnded = sweep(database, 'authorization_codes', 'handle_hash');
  }

  async add(code: AuthorizationCode): Promise<void> {
    await this.database.run(table.insert, table.values(code));
  }

  async find(handleHash: HandleHash): Promise<AuthorizationCode | undefined> {
    return table.readOptional(await this.database.first(find, [handleHash]));
  }

  async redeem(handleHash: HandleHash): Promise<boolean> {
    return (await this.database.run(redeem, [handleHash])) === 1;
  }

  async removeGrants(subject: string, clientId: string): Promise<readonly string[]> {
    const removed = await this.database.all(removeGrants, [subject, clientId]);
    return removed.map((row) => row.family_id as string);
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    return this.removeEnded(now, limit);
  }
}
