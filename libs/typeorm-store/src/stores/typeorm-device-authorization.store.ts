import { Injectable } from '@nestjs/common';
import {
  type DeviceAuthorization,
  DeviceAuthorizationStore,
  type DeviceDecision,
  type HandleHash,
} from '@tessera/resource-model';
import { Database, type Row } from '../database/database.js';
import { sql } from '../database/statement.js';
import { type Sweep, sweep } from '../database/sweep.js';
import { Table } from '../database/table.js';
import { type DeviceAuthorizationRow, deviceAuthorizationSchema } from '../schema/device-authorization.schema.js';

const table = new Table(deviceAuthorizationSchema);
const everyColumn = table.columns.split(', ').map((column) => `${column} = excluded.${column}`);
/** In the place of the one that held the user code, where that has ended. */
const add = sql(`${table.insert.text} ON CONFLICT (user_code_hash) DO UPDATE SET ${everyColumn.join(', ')}
  WHERE device_authorizations.expires_at <= ?`);
const find = sql(`SELECT ${table.columns} FROM device_authorizations WHERE user_code_hash = ?`);
const decide = sql(
  `UPDATE device_authorizations SET decision = ?, subject = ? WHERE user_code_hash = ? AND decision IS NULL`,
);
// What stands right of a `=` is the row as it was; RETURNING gives it as it has become, so the former is kept beside it.
const poll = sql(`UPDATE device_authorizations SET
  polled_before = polled_at, interval_before = poll_interval, polled_at = ?,
  poll_interval = CASE WHEN ? - polled_at < poll_interval THEN poll_interval + ? ELSE poll_interval END
  WHERE handle_hash = ? RETURNING ${table.columns}`);
const redeem = sql(`DELETE FROM device_authorizations WHERE handle_hash = ? RETURNING ${table.columns}`);
const removeGrants = sql(`DELETE FROM device_authorizations WHERE subject = ? AND client_id = ?`);

@Injectable()
export class TypeOrmDeviceAuthorizationStore extends DeviceAuthorizationStore {
  private readonly removeEnded: Sweep;

  constructor(private readonly database: Database) {
    super();
    this.removeEnded = sweep(database, 'device_authorizations', 'handle_hash');
  }

  async add(authorization: DeviceAuthorization, now: number): Promise<boolean> {
    const subject = subjectOf(authorization.decision);
    return (await this.database.run(add, [...table.values({ ...authorization, subject }), now])) === 1;
  }

  async findByUserCode(userCodeHash: HandleHash): Promise<DeviceAuthorization | undefined> {
    return asItIs(await this.database.first(find, [userCodeHash]));
  }

  async decide(userCodeHash: HandleHash, decision: DeviceDecision): Promise<boolean> {
    const values = [JSON.stringify(decision), subjectOf(decision) ?? null, userCodeHash];
    return (await this.database.run(decide, values)) === 1;
  }

  async poll(handleHash: HandleHash, now: number, penalty: number) {
    const row = await this.database.first(poll, [now, now, penalty, handleHash]);
    if (!row) return undefined;
    const authorization = asItWas(table.read(row));
    const { polledAt, interval } = authorization;
    return { authorization, tooEarly: polledAt !== undefined && now - polledAt < interval };
  }

  async redeem(handleHash: HandleHash): Promise<DeviceAuthorization | undefined> {
    return asItIs(await this.database.first(redeem, [handleHash]));
  }

  async removeGrants(subject: string, clientId: string): Promise<void> {
    await this.database.run(removeGrants, [subject, clientId]);
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    return this.removeEnded(now, limit);
  }
}

function subjectOf(decision: DeviceDecision | undefined): string | undefined {
  return decision?.allowed === true ? decision.subject : undefined;
}

function asItIs(row: Row | undefined): DeviceAuthorization | undefined {
  if (!row) return undefined;
  const { subject: _, intervalBefore: __, polledBefore: ___, ...authorization } = table.read(row);
  return authorization;
}

/** Before the last poll. */
function asItWas({ subject: _, intervalBefore, polledBefore, polledAt: __, ...rest }: DeviceAuthorizationRow) {
  return { ...rest, interval: intervalBefore!, ...(polledBefore !== undefined && { polledAt: polledBefore }) };
}
