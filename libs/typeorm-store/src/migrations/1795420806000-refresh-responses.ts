import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTables, dropTables, type TablePlan } from './create-tables.js';

const tables: readonly TablePlan[] = [
  {
    name: 'refresh_responses',
    columns: ['"handle_hash" text PRIMARY KEY NOT NULL', '"response" text NOT NULL', '"expires_at" bigint NOT NULL'],
    indexes: { refresh_responses_end: '"expires_at"' },
  },
];

/**
 * What answered the use of a refresh token ends with the grace, not with the family. Rows that were used up earlier stay as they are: what
 * they have too much ends with them.
 */
export class RefreshResponses1795420806000 implements MigrationInterface {
  readonly name = 'RefreshResponses1795420806000';

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
  }
}
