import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTables, dropTables, type TablePlan } from './create-tables.js';

const tables: readonly TablePlan[] = [
  {
    name: 'used_ids',
    columns: ['"id" text PRIMARY KEY NOT NULL', '"expires_at" bigint NOT NULL'],
    indexes: { used_ids_end: '"expires_at"' },
  },
];

/** What counts once: the ids of clients' assertions and of other things that are signed for one use. */
export class UsedIds1795420807000 implements MigrationInterface {
  readonly name = 'UsedIds1795420807000';

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
  }
}
