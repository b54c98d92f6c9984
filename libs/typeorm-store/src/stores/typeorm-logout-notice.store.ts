import { Injectable } from '@nestjs/common';
import { type LogoutNotice, LogoutNoticeStore } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { type Sweep, sweep } from '../database/sweep.js';
import { Table } from '../database/table.js';
import { logoutNoticeSchema } from '../schema/logout-notice.schema.js';

const table = new Table(logoutNoticeSchema);
// From client to client through the index, however many notices wait for each of them.
const due = sql(`WITH RECURSIVE waiting AS (
    SELECT MIN(client_id) AS client FROM logout_notices
    UNION ALL
    SELECT (SELECT MIN(client_id) FROM logout_notices WHERE client_id > client) FROM waiting WHERE client IS NOT NULL
  )
  SELECT ${table.columns} FROM waiting JOIN logout_notices ON id =
    (SELECT id FROM logout_notices WHERE client_id = client AND due_at <= ? AND expires_at > ? ORDER BY due_at LIMIT 1)
  ORDER BY due_at`);
const claim = sql(`UPDATE logout_notices SET attempts = ?, due_at = ? WHERE id = ? AND attempts = ?`);
const remove = sql(`DELETE FROM logout_notices WHERE id = ?`);

@Injectable()
export class TypeOrmLogoutNoticeStore extends LogoutNoticeStore {
  private readonly removeEnded: Sweep;

  constructor(private readonly database: Database) {
    super();
    this.removeEnded = sweep(database, 'logout_notices', 'id');
  }

  async add(notices: readonly LogoutNotice[]): Promise<void> {
    if (notices.length === 0) return;
    await this.database.together(notices.map((notice) => ({ statement: table.insert, values: table.values(notice) })));
  }

  async claimDue(
    now: number,
    { limit, except }: { readonly limit: number; readonly except: readonly string[] },
    delay: (attempts: number) => number,
  ): Promise<readonly LogoutNotice[]> {
    const found = (await this.database.all(due, [now, now])).map((row) => table.read(row));
    const wanted = found.filter(({ clientId }) => !except.includes(clientId)).slice(0, limit);
    const claimed = await Promise.all(wanted.map((notice) => this.claim(notice, now, delay)));
    return claimed.filter((notice) => notice !== undefined);
  }

  async remove(id: string): Promise<void> {
    await this.database.run(remove, [id]);
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    return this.removeEnded(now, limit);
  }

  /** The number of tries says whether it still is as it was found: of several servers that found it, one moves it on. */
  private async claim(
    notice: LogoutNotice,
    now: number,
    delay: (attempts: number) => number,
  ): Promise<LogoutNotice | undefined> {
    const attempts = notice.attempts + 1;
    const dueAt = now + delay(attempts);
    const moved = await this.database.run(claim, [attempts, dueAt, notice.id, notice.attempts]);
    return moved === 1 ? { ...notice, attempts, dueAt } : undefined;
  }
}
