import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTables, dropTables, type TablePlan } from './create-tables.js';

const tables: readonly TablePlan[] = [
  {
    name: 'authorization_codes',
    columns: [
      '"handle_hash" text PRIMARY KEY NOT NULL',
      '"client_id" text NOT NULL',
      '"subject" text NOT NULL',
      '"authentication" text NOT NULL',
      '"scopes" text NOT NULL',
      '"resources" text',
      '"redirect_uri" text NOT NULL',
      '"challenge" text',
      '"nonce" text',
      '"requested_claims" text',
      '"family_id" text NOT NULL',
      '"expires_at" bigint NOT NULL',
      '"redeemed" boolean NOT NULL',
    ],
    indexes: {
      authorization_codes_grant: '"subject", "client_id"',
      authorization_codes_end: '"expires_at"',
    },
  },
  {
    name: 'reference_tokens',
    columns: [
      '"handle_hash" text PRIMARY KEY NOT NULL',
      '"family_id" text',
      '"client_id" text NOT NULL',
      '"subject" text NOT NULL',
      '"claims" text NOT NULL',
      '"expires_at" bigint NOT NULL',
    ],
    indexes: {
      reference_tokens_family: '"family_id"',
      reference_tokens_grant: '"subject", "client_id"',
      reference_tokens_end: '"expires_at"',
    },
  },
  {
    name: 'revoked_tokens',
    columns: ['"id" text PRIMARY KEY NOT NULL', '"expires_at" bigint NOT NULL', '"issued_up_to" bigint'],
    indexes: { revoked_tokens_end: '"expires_at"' },
  },
  {
    name: 'pairwise_subjects',
    columns: ['"identifier" text PRIMARY KEY NOT NULL', '"subject" text NOT NULL'],
    indexes: {},
  },
  {
    name: 'consents',
    columns: [
      '"subject" text NOT NULL',
      '"client_id" text NOT NULL',
      '"scopes" text NOT NULL',
      '"claims" text NOT NULL',
      '"created_at" bigint NOT NULL',
      '"expires_at" bigint',
      'PRIMARY KEY ("subject", "client_id")',
    ],
    indexes: { consents_end: '"expires_at"' },
  },
  {
    name: 'known_devices',
    columns: [
      '"device_hash" text NOT NULL',
      '"subject" text NOT NULL',
      '"expires_at" bigint NOT NULL',
      'PRIMARY KEY ("device_hash", "subject")',
    ],
    indexes: { known_devices_end: '"expires_at"' },
  },
];

/** Codes, opaque tokens, what was taken back, and what is remembered of people. */
export class CodesAndTokens1795420801000 implements MigrationInterface {
  readonly name = 'CodesAndTokens1795420801000';

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
  }
}
