import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTables, dropTables, type TablePlan } from './create-tables.js';

const tables: readonly TablePlan[] = [
  {
    name: 'refresh_tokens',
    columns: [
      '"handle_hash" text PRIMARY KEY NOT NULL',
      '"family_id" text NOT NULL',
      '"client_id" text NOT NULL',
      '"subject" text NOT NULL',
      '"authentication" text NOT NULL',
      '"scopes" text NOT NULL',
      '"resources" text',
      '"access_token_claims" text NOT NULL',
      '"requested_claims" text',
      '"grant_claims" text',
      '"family_created_at" bigint NOT NULL',
      '"created_at" bigint NOT NULL',
      '"expires_at" bigint',
      '"rotation" text',
    ],
    indexes: {
      refresh_tokens_family: '"family_id"',
      refresh_tokens_subject: '"subject"',
      refresh_tokens_end: '"expires_at"',
    },
  },
];

/** What has been issued, and what people have done. */
export class OperationalStores1795420800000 implements MigrationInterface {
  readonly name = 'OperationalStores1795420800000';

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
  }
}
