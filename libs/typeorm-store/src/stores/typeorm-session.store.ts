import { Injectable } from '@nestjs/common';
import { type HandleHash, type Session, SessionStore } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { sql, type Statement } from '../database/statement.js';
import { type Sweep, sweep } from '../database/sweep.js';
import { Table } from '../database/table.js';
import { sessionSchema } from '../schema/session.schema.js';

const table = new Table(sessionSchema);
const find = sql(`SELECT ${table.columns} FROM sessions WHERE handle_hash = ?`);
const findById = sql(`SELECT ${table.columns} FROM sessions WHERE id = ?`);
const list = sql(`SELECT ${table.columns} FROM sessions WHERE subject = ? ORDER BY created_at DESC`);
const touch = sql(`UPDATE sessions SET last_seen_at = ?, expires_at = ? WHERE id = ?`);
const remove = sql(`DELETE FROM sessions WHERE id = ? RETURNING ${table.columns}`);

/** The clients with those of another JSON list, each once and in the order in which they came. */
const joined = {
  sqlite: `(SELECT json_group_array(client ORDER BY place) FROM
    (SELECT client, MIN(place) AS place FROM
      (SELECT value AS client, key AS place FROM json_each(clients)
        UNION ALL SELECT value, json_array_length(clients) + key FROM json_each(?)) AS each
      GROUP BY client) AS once)`,
  postgres: `(SELECT COALESCE(jsonb_agg(client ORDER BY place), '[]')::text FROM
    (SELECT client, MIN(place) AS place
      FROM jsonb_array_elements_text(clients::jsonb || ?::jsonb) WITH ORDINALITY AS each (client, place)
      GROUP BY client) AS once)`,
} as const;

@Injectable()
export class TypeOrmSessionStore extends SessionStore {
  private readonly removeEnded: Sweep;
  private readonly join: Statement;
  private readonly put: Statement;

  constructor(private readonly database: Database) {
    super();
    const clients = `clients = ${joined[database.dialect]}`;
    const every = table.columns.split(', ').map((column) => (column === 'clients' ? clients : `${column} = ?`));
    this.removeEnded = sweep(database, 'sessions', 'id');
    this.join = sql(`UPDATE sessions SET ${clients} WHERE id = ?`);
    this.put = sql(`UPDATE sessions SET ${every.join(', ')} WHERE id = ?`);
  }

  async add(session: Session): Promise<void> {
    await this.database.run(table.insert, table.values(session));
  }

  async find(handleHash: HandleHash): Promise<Session | undefined> {
    return table.readOptional(await this.database.first(find, [handleHash]));
  }

  async findById(id: string): Promise<Session | undefined> {
    return table.readOptional(await this.database.first(findById, [id]));
  }

  async listBySubject(subject: string): Promise<readonly Session[]> {
    return (await this.database.all(list, [subject])).map((row) => table.read(row));
  }

  async touch(id: string, lastSeenAt: number, expiresAt: number): Promise<boolean> {
    return (await this.database.run(touch, [lastSeenAt, expiresAt, id])) === 1;
  }

  async addClient(id: string, clientId: string): Promise<boolean> {
    return (await this.database.run(this.join, [JSON.stringify([clientId]), id])) === 1;
  }

  async replace(session: Session): Promise<boolean> {
    return (await this.database.run(this.put, [...table.values(session), session.id])) === 1;
  }

  async remove(id: string): Promise<Session | undefined> {
    return table.readOptional(await this.database.first(remove, [id]));
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    return this.removeEnded(now, limit);
  }
}
