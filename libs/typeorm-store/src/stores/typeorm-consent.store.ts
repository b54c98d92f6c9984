import { Injectable } from '@nestjs/common';
import { type Consent, ConsentStore } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { type Sweep, sweep } from '../database/sweep.js';
import { Table } from '../database/table.js';
import { consentSchema } from '../schema/consent.schema.js';

const table = new Table(consentSchema);
const save = sql(`${table.insert.text} ON CONFLICT (subject, client_id) DO UPDATE SET
  scopes = excluded.scopes, claims = excluded.claims,
  created_at = excluded.created_at, expires_at = excluded.expires_at`);
const find = sql(`SELECT ${table.columns} FROM consents WHERE subject = ? AND client_id = ?`);
const list = sql(`SELECT ${table.columns} FROM consents WHERE subject = ?`);
const remove = sql(`DELETE FROM consents WHERE subject = ? AND client_id = ?`);

@Injectable()
export class TypeOrmConsentStore extends ConsentStore {
  private readonly removeEnded: Sweep;

  constructor(private readonly database: Database) {
    super();
    this.removeEnded = sweep(database, 'consents', 'subject, client_id');
  }

  async save(consent: Consent): Promise<void> {
    await this.database.run(save, table.values(consent));
  }

  async find(subject: string, clientId: string): Promise<Consent | undefined> {
    return table.readOptional(await this.database.first(find, [subject, clientId]));
  }

  async listBySubject(subject: string): Promise<readonly Consent[]> {
    return (await this.database.all(list, [subject])).map((row) => table.read(row));
  }

  async remove(subject: string, clientId: string): Promise<void> {
    await this.database.run(remove, [subject, clientId]);
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    return this.removeEnded(now, limit);
  }
}
