import { Injectable } from '@nestjs/common';
import {
  type HandleHash,
  type RefreshToken,
  RefreshTokenStore,
  type Rotation,
  type RotationOutcome,
} from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { type Sweep, sweep } from '../database/sweep.js';
import { Table } from '../database/table.js';
import { refreshTokenSchema } from '../schema/refresh-token.schema.js';

const table = new Table(refreshTokenSchema);
const find = sql(`SELECT ${table.columns} FROM refresh_tokens WHERE handle_hash = ?`);
const use = sql(`UPDATE refresh_tokens SET rotation = ?, expires_at = ? WHERE handle_hash = ? AND rotation IS NULL`);
const touch = sql(`UPDATE refresh_tokens SET expires_at = ? WHERE handle_hash = ?`);
const list = sql(`SELECT ${table.columns} FROM refresh_tokens WHERE subject = ? AND rotation IS NULL`);
const removeFamily = sql(`DELETE FROM refresh_tokens WHERE family_id = ?`);

@Injectable()
export class TypeOrmRefreshTokenStore extends RefreshTokenStore {
  private readonly removeEnded: Sweep;

  constructor(private readonly database: Database) {
    super();
    this.removeEnded = sweep(database, 'refresh_tokens', 'handle_hash');
  }

  async add(token: RefreshToken): Promise<void> {
    await this.database.run(table.insert, table.values(token));
  }

  async find(handleHash: HandleHash): Promise<RefreshToken | undefined> {
    return table.readOptional(await this.database.first(find, [handleHash]));
  }

  async rotate(handleHash: HandleHash, rotation: Rotation, successor: RefreshToken): Promise<RotationOutcome> {
    const rotated = await this.database.together([
      { statement: use, values: [JSON.stringify(rotation), rotation.keptUntil, handleHash], rows: 1 },
      { statement: table.insert, values: table.values(successor) },
    ]);
    return rotated ? { rotated } : { rotated, current: await this.find(handleHash) };
  }

  async touch(handleHash: HandleHash, expiresAt: number | undefined): Promise<boolean> {
    return (await this.database.run(touch, [expiresAt ?? null, handleHash])) === 1;
  }

  async listBySubject(subject: string): Promise<readonly RefreshToken[]> {
    return (await this.database.all(list, [subject])).map((row) => table.read(row));
  }

  async removeFamily(familyId: string): Promise<void> {
    await this.database.run(removeFamily, [familyId]);
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    return this.removeEnded(now, limit);
  }
}
