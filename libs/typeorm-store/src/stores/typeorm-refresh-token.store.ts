import { Injectable } from '@nestjs/common';
import {
  type HandleHash,
  type RefreshToken,
  RefreshTokenStore,
  type Rotation,
  type RotationOutcome,
} from '@tessera/resource-model';
import { Database, type Row, type Step } from '../database/database.js';
import { sql } from '../database/statement.js';
import { type Sweep, sweep } from '../database/sweep.js';
import { Table } from '../database/table.js';
import { refreshResponseSchema } from '../schema/refresh-response.schema.js';
import { refreshTokenSchema } from '../schema/refresh-token.schema.js';

const table = new Table(refreshTokenSchema);
const responses = new Table(refreshResponseSchema);
// One statement: who learns that a token was used finds the response of that use with it.
const find = sql(
  `SELECT ${table.columns}, CASE WHEN rotation IS NOT NULL THEN
    (SELECT response FROM refresh_responses WHERE refresh_responses.handle_hash = refresh_tokens.handle_hash) END AS response
    FROM refresh_tokens WHERE handle_hash = ?`,
);
// What is left is what `usedUp` says.
const use = sql(
  `UPDATE refresh_tokens SET rotation = ?, expires_at = ?,
    scopes = '[]', resources = NULL, authorization_details = NULL, access_token_claims = '{}', requested_claims = NULL, grant_claims = NULL
    WHERE handle_hash = ? AND rotation IS NULL`,
);
const touch = sql(`UPDATE refresh_tokens SET expires_at = ? WHERE handle_hash = ?`);
const list = sql(`SELECT ${table.columns} FROM refresh_tokens WHERE subject = ? AND rotation IS NULL`);
const removeFamily = sql(`DELETE FROM refresh_tokens WHERE family_id = ?`);

@Injectable()
export class TypeOrmRefreshTokenStore extends RefreshTokenStore {
  private readonly removeEnded: Sweep;
  private readonly removeEndedResponses: Sweep;

  constructor(private readonly database: Database) {
    super();
    this.removeEnded = sweep(database, 'refresh_tokens', 'handle_hash');
    this.removeEndedResponses = sweep(database, 'refresh_responses', 'handle_hash');
  }

  async add(token: RefreshToken): Promise<void> {
    await this.database.run(table.insert, table.values(token));
  }

  async find(handleHash: HandleHash): Promise<RefreshToken | undefined> {
    const row = await this.database.first(find, [handleHash]);
    return row && read(row);
  }

  async rotate(handleHash: HandleHash, rotation: Rotation, successor: RefreshToken): Promise<RotationOutcome> {
    const { response, ...kept } = rotation;
    const steps: Step[] = [
      { statement: use, values: [JSON.stringify(kept), rotation.keptUntil, handleHash], rows: 1 },
      { statement: table.insert, values: table.values(successor) },
    ];
    if (response !== undefined) {
      const values = responses.values({ handleHash, response, expiresAt: rotation.responseUntil });
      steps.push({ statement: responses.insert, values });
    }
    const rotated = await this.database.together(steps);
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
    const removed = await this.removeEndedResponses(now, limit);
    return removed + (await this.removeEnded(now, limit - removed));
  }
}

/** Earlier versions kept the response in the rotation, for as long as its family, and sealed it in another way: it is not given again. */
function read(row: Row): RefreshToken {
  const token = table.read(row);
  if (!token.rotation) return token;
  return { ...token, rotation: { ...token.rotation, response: (row.response as string | null) ?? undefined } };
}
