import { Injectable } from '@nestjs/common';
import { RevokedTokenStore } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { type Statement, sql } from '../database/statement.js';
import { type Sweep, sweep } from '../database/sweep.js';
import { Table } from '../database/table.js';
import { revokedTokenSchema } from '../schema/revoked-token.schema.js';

const table = new Table(revokedTokenSchema);
// The later time of both, whichever came first. NULL is no limit, later than any: no comparison with it is true, so that it stays.
const add = sql(`${table.insert.text} ON CONFLICT (id) DO UPDATE SET
  expires_at = CASE WHEN excluded.expires_at > revoked_tokens.expires_at
    THEN excluded.expires_at ELSE revoked_tokens.expires_at END,
  issued_up_to = CASE
    WHEN excluded.issued_up_to > revoked_tokens.issued_up_to THEN excluded.issued_up_to
    WHEN excluded.issued_up_to <= revoked_tokens.issued_up_to THEN revoked_tokens.issued_up_to END`);
const find = (count: number) =>
  sql(`SELECT id FROM revoked_tokens
    WHERE id IN (${Array(count).fill('?').join(', ')}) AND (issued_up_to IS NULL OR issued_up_to >= ?) LIMIT 1`);

@Injectable()
export class TypeOrmRevokedTokenStore extends RevokedTokenStore {
  private readonly removeEnded: Sweep;
  /** By the number of ids: a token has few. */
  private readonly finds = new Map<number, Statement>();

  constructor(private readonly database: Database) {
    super();
    this.removeEnded = sweep(database, 'revoked_tokens', 'id');
  }

  async add(id: string, expiresAt: number, issuedUpTo?: number): Promise<void> {
    await this.database.run(add, table.values({ id, expiresAt, issuedUpTo }));
  }

  async has(ids: readonly string[], issuedAt = 0): Promise<boolean> {
    if (ids.length === 0) return false;
    const statement = this.finds.get(ids.length) ?? find(ids.length);
    this.finds.set(ids.length, statement);
    return (await this.database.first(statement, [...ids, issuedAt])) !== undefined;
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    return this.removeEnded(now, limit);
  }
}
