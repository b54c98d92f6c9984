import { Injectable } from '@nestjs/common';
import { type HandleHash, type KnownDevice, KnownDeviceStore } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { type Sweep, sweep } from '../database/sweep.js';
import { Table } from '../database/table.js';
import { knownDeviceSchema } from '../schema/known-device.schema.js';

const table = new Table(knownDeviceSchema);
const add = sql(
  `${table.insert.text} ON CONFLICT (device_hash, subject) DO UPDATE SET expires_at = excluded.expires_at`,
);
const find = sql(`SELECT subject FROM known_devices WHERE device_hash = ? AND subject = ? AND expires_at > ?`);

@Injectable()
export class TypeOrmKnownDeviceStore extends KnownDeviceStore {
  private readonly removeEnded: Sweep;

  constructor(private readonly database: Database) {
    super();
    this.removeEnded = sweep(database, 'known_devices', 'device_hash, subject');
  }

  async add(device: KnownDevice): Promise<void> {
    await this.database.run(add, table.values(device));
  }

  async has(deviceHash: HandleHash, subject: string, now: number): Promise<boolean> {
    return (await this.database.first(find, [deviceHash, subject, now])) !== undefined;
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    return this.removeEnded(now, limit);
  }
}
