import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTables, dropTables, type TablePlan } from './create-tables.js';

const tables: readonly TablePlan[] = [
  {
    name: 'sessions',
    columns: [
      '"handle_hash" text NOT NULL',
      '"id" text PRIMARY KEY NOT NULL',
      '"subject" text NOT NULL',
      '"authentication" text NOT NULL',
      '"identity_provider" text',
      '"remembered" boolean NOT NULL',
      '"created_at" bigint NOT NULL',
      '"last_seen_at" bigint NOT NULL',
      '"expires_at" bigint NOT NULL',
      '"user_agent" text',
      '"clients" text NOT NULL',
      'CONSTRAINT "sessions_handle" UNIQUE ("handle_hash")',
    ],
    indexes: { sessions_subject: '"subject"', sessions_end: '"expires_at"' },
  },
  {
    name: 'interactions',
    columns: [
      '"handle_hash" text PRIMARY KEY NOT NULL',
      '"browser_hash" text NOT NULL',
      '"network" text NOT NULL',
      '"kind" text NOT NULL',
      '"client_id" text NOT NULL',
      '"parameters" text NOT NULL',
      '"signed_in" text',
      '"chosen" text',
      '"consent" text',
      '"cancelled" text',
      '"signed_out" text',
      '"created_at" bigint NOT NULL',
      '"expires_at" bigint NOT NULL',
      '"size" bigint NOT NULL',
    ],
    indexes: {
      interactions_network: '"network", "created_at", "handle_hash", "size"',
      interactions_end: '"expires_at"',
    },
  },
  {
    name: 'device_authorizations',
    columns: [
      '"handle_hash" text PRIMARY KEY NOT NULL',
      '"user_code_hash" text NOT NULL',
      '"client_id" text NOT NULL',
      '"scopes" text NOT NULL',
      '"resources" text',
      '"created_at" bigint NOT NULL',
      '"expires_at" bigint NOT NULL',
      '"poll_interval" bigint NOT NULL',
      '"polled_at" bigint',
      '"decision" text',
      '"subject" text',
      '"interval_before" bigint',
      '"polled_before" bigint',
      'CONSTRAINT "device_authorizations_user_code" UNIQUE ("user_code_hash")',
    ],
    indexes: {
      device_authorizations_grant: '"subject", "client_id"',
      device_authorizations_end: '"expires_at"',
    },
  },
  {
    name: 'logout_notices',
    columns: [
      '"id" text PRIMARY KEY NOT NULL',
      '"client_id" text NOT NULL',
      '"subject" text NOT NULL',
      '"session_id" text NOT NULL',
      '"attempts" bigint NOT NULL',
      '"due_at" bigint NOT NULL',
      '"expires_at" bigint NOT NULL',
    ],
    indexes: { logout_notices_due: '"client_id", "due_at"', logout_notices_end: '"expires_at"' },
  },
  {
    name: 'sign_in_attempts',
    columns: [
      '"counted_under" text PRIMARY KEY NOT NULL',
      '"tries" bigint NOT NULL',
      '"counted_until" double precision NOT NULL',
      '"held_until" double precision NOT NULL',
    ],
    indexes: { sign_in_attempts_end: '"counted_until"' },
  },
];

/** Who is signed in, what waits for a person, and who is to be told. */
export class People1795420802000 implements MigrationInterface {
  readonly name = 'People1795420802000';

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
  }
}
