import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTables, dropTables, type TablePlan } from './create-tables.js';

const tables: readonly TablePlan[] = [
  {
    name: 'pushed_requests',
    columns: [
      '"handle_hash" text PRIMARY KEY NOT NULL',
      '"client_id" text NOT NULL',
      '"parameters" text NOT NULL',
      '"expires_at" bigint NOT NULL',
    ],
    indexes: { pushed_requests_end: '"expires_at"' },
  },
];

/** Authorize requests that clients send ahead; what waits for a person knows which of them it comes from. */
export class PushedRequests1795420809000 implements MigrationInterface {
  readonly name = 'PushedRequests1795420809000';

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables);
    await runner.query('ALTER TABLE "interactions" ADD COLUMN "pushed_request" text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "interactions" DROP COLUMN "pushed_request"');
    await dropTables(runner, tables);
  }
}
