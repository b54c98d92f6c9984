import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTables, dropTables, type TablePlan } from './create-tables.js';

const tables: readonly TablePlan[] = [
  {
    name: 'authorization_detail_types',
    columns: ['"type" text PRIMARY KEY NOT NULL', '"data" text NOT NULL', '"enabled" boolean NOT NULL', '"owner" text'],
    indexes: {},
  },
];

/** Rich authorization requests: the types of details there are, and the details that were granted. */
export class AuthorizationDetails1795420811000 implements MigrationInterface {
  readonly name = 'AuthorizationDetails1795420811000';

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables);
    await runner.query('ALTER TABLE "authorization_codes" ADD COLUMN "authorization_details" text');
    await runner.query('ALTER TABLE "refresh_tokens" ADD COLUMN "authorization_details" text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "refresh_tokens" DROP COLUMN "authorization_details"');
    await runner.query('ALTER TABLE "authorization_codes" DROP COLUMN "authorization_details"');
    await dropTables(runner, tables);
  }
}
