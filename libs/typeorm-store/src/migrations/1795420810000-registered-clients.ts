import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTables, dropTables, type TablePlan } from './create-tables.js';

const tables: readonly TablePlan[] = [
  {
    name: 'registered_clients',
    columns: [
      '"client_id" text PRIMARY KEY NOT NULL',
      '"data" text NOT NULL',
      '"sealed_secrets" text',
      '"access_token_hash" text NOT NULL',
      '"registered_at" bigint NOT NULL',
      '"initial_access_token" text',
    ],
    indexes: {},
  },
];

/** Clients that registered themselves. */
export class RegisteredClients1795420810000 implements MigrationInterface {
  readonly name = 'RegisteredClients1795420810000';

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
  }
}
