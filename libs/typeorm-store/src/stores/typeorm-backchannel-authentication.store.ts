import { Injectable } from '@nestjs/common';
import {
  type BackchannelAuthentication,
  BackchannelAuthenticationStore,
  type BackchannelDecision,
  type BackchannelPing,
  type HandleHash,
} from '@tessera/resource-model';
import { Database, type Row, type Step } from '../database/database.js';
import { sql } from '../database/statement.js';
import { type Sweep, sweep } from '../database/sweep.js';
import { Table } from '../database/table.js';
import { backchannelPings } from '../encryption/encrypted-columns.js';
import { Encryption, EncryptionError } from '../encryption/encryption.js';
import {
  type BackchannelAuthenticationRow,
  backchannelAuthenticationSchema,
} from '../schema/backchannel-authentication.schema.js';

const table = new Table(backchannelAuthenticationSchema);
const placeholders = table.columns.split(', ').map(() => '?');
const waits = `subject = ? AND decision IS NULL AND expires_at > ?`;
const add = sql(`INSERT INTO backchannel_authentications (${table.columns}) SELECT ${placeholders.join(', ')}
  WHERE (SELECT count(*) FROM backchannel_authentications WHERE ${waits} AND client_id = ?) < ?`);
/** The statement that adds counts those alone that were there when it began: on PostgreSQL those of one person are added one by one. */
const oneByOne = sql(`SELECT pg_advisory_xact_lock(7283003, hashtext(?))`);
const find = sql(`SELECT ${table.columns} FROM backchannel_authentications WHERE id = ? AND subject = ?`);
const waiting = sql(
  `SELECT ${table.columns} FROM backchannel_authentications WHERE ${waits} ORDER BY created_at DESC, handle_hash`,
);
const decide = sql(
  `UPDATE backchannel_authentications SET decision = ?, allowed = ? WHERE id = ? AND ${waits} RETURNING ${table.columns}`,
);
// What stands right of a `=` is the row as it was; RETURNING gives it as it has become, so the former is kept beside it.
const poll = sql(`UPDATE backchannel_authentications SET
  polled_before = polled_at, interval_before = poll_interval, polled_at = ?,
  poll_interval = CASE WHEN ? - polled_at < poll_interval THEN poll_interval + ? ELSE poll_interval END
  WHERE handle_hash = ? RETURNING ${table.columns}`);
const redeem = sql(`DELETE FROM backchannel_authentications WHERE handle_hash = ? RETURNING ${table.columns}`);
const removeGrants = sql(`DELETE FROM backchannel_authentications WHERE subject = ? AND client_id = ? AND allowed`);

@Injectable()
export class TypeOrmBackchannelAuthenticationStore extends BackchannelAuthenticationStore {
  private readonly removeEnded: Sweep;

  constructor(
    private readonly database: Database,
    private readonly encryption: Encryption,
  ) {
    super();
    this.removeEnded = sweep(database, 'backchannel_authentications', 'handle_hash');
  }

  async add(authentication: BackchannelAuthentication, now: number, most: number): Promise<boolean> {
    const { subject, clientId } = authentication;
    const values = [...table.values(this.toRow(authentication)), subject, now, clientId, most];
    const lock: Step[] = this.database.dialect === 'postgres' ? [{ statement: oneByOne, values: [subject] }] : [];
    return this.database.together([...lock, { statement: add, values, rows: 1 }]);
  }

  async find(id: string, subject: string): Promise<BackchannelAuthentication | undefined> {
    return this.asItIs(await this.database.first(find, [id, subject]));
  }

  async waitingFor(subject: string, now: number): Promise<readonly BackchannelAuthentication[]> {
    const rows = await this.database.all(waiting, [subject, now]);
    return rows.map((row) => this.fromRow(table.read(row)));
  }

  async decide(id: string, subject: string, decision: BackchannelDecision, now: number) {
    const values = [JSON.stringify(decision), decision.allowed, id, subject, now];
    return this.asItIs(await this.database.first(decide, values));
  }

  async poll(handleHash: HandleHash, now: number, penalty: number) {
    const row = await this.database.first(poll, [now, now, penalty, handleHash]);
    if (!row) return undefined;
    const authentication = this.fromRow(asItWas(table.read(row)));
    const { polledAt, interval } = authentication;
    return { authentication, tooEarly: polledAt !== undefined && now - polledAt < interval };
  }

  async redeem(handleHash: HandleHash): Promise<BackchannelAuthentication | undefined> {
    return this.asItIs(await this.database.first(redeem, [handleHash]));
  }

  async removeGrants(subject: string, clientId: string): Promise<void> {
    await this.database.run(removeGrants, [subject, clientId]);
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    return this.removeEnded(now, limit);
  }

  private asItIs(row: Row | undefined): BackchannelAuthentication | undefined {
    return row && this.fromRow(table.read(row));
  }

  private toRow({ ping, ...others }: BackchannelAuthentication): BackchannelAuthenticationRow {
    const { handleHash, decision } = others;
    const sealedPing = ping && backchannelPings.seal(this.encryption, handleHash, JSON.stringify(ping));
    return { ...others, sealedPing, allowed: decision?.allowed };
  }

  private fromRow(row: BackchannelAuthenticationRow): BackchannelAuthentication {
    const { sealedPing, allowed: _, intervalBefore: __, polledBefore: ___, ...others } = row;
    const ping = sealedPing === undefined ? undefined : this.pingOf(others.handleHash, sealedPing);
    return { ...others, ...(ping && { ping }) };
  }

  /** Undefined where it was encrypted with another key than those given: the client is not told then, and polls. The person is asked all the same. */
  private pingOf(handleHash: HandleHash, sealed: string): BackchannelPing | undefined {
    try {
      return JSON.parse(backchannelPings.open(this.encryption, handleHash, sealed)) as BackchannelPing;
    } catch (error) {
      if (error instanceof EncryptionError) return undefined;
      throw error;
    }
  }
}

/** Before the last poll. */
function asItWas({ polledAt: _, ...row }: BackchannelAuthenticationRow): BackchannelAuthenticationRow {
  const { intervalBefore, polledBefore } = row;
  return { ...row, interval: intervalBefore!, ...(polledBefore !== undefined && { polledAt: polledBefore }) };
}
