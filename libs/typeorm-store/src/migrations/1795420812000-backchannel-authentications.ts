import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTables, dropTables, type TablePlan } from './create-tables.js';

const tables: readonly TablePlan[] = [
  {
    name: 'backchannel_authentications',
    columns: [
      '"handle_hash" text PRIMARY KEY NOT NULL',
      '"id" text NOT NULL',
      '"client_id" text NOT NULL',
      '"subject" text NOT NULL',
      '"scopes" text NOT NULL',
      '"resources" text',
      '"authorization_details" text',
      '"binding_message" text',
      '"context_classes" text',
      '"sealed_ping" text',
      '"created_at" bigint NOT NULL',
      '"expires_at" bigint NOT NULL',
      '"poll_interval" bigint NOT NULL',
      '"polled_at" bigint',
      '"decision" text',
      '"allowed" boolean',
      '"interval_before" bigint',
      '"polled_before" bigint',
      'CONSTRAINT "backchannel_authentications_id" UNIQUE ("id")',
    ],
    indexes: {
      backchannel_authentications_grant: '"subject", "client_id"',
      backchannel_authentications_end: '"expires_at"',
    },
  },
];

/** Clients that wait for the word of a person whom they named (CIBA). */
export class BackchannelAuthentications1795420812000 implements MigrationInterface {
  readonly name = 'BackchannelAuthentications1795420812000';

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
  }
}
