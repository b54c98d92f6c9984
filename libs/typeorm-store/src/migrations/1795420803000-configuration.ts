import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTables, dropTables, type TablePlan } from './create-tables.js';

const tables: readonly TablePlan[] = [
  configured('clients', 'client_id'),
  configured('api_resources', 'name'),
  configured('api_scopes', 'name'),
  configured('identity_resources', 'name'),
  {
    ...configured('users', 'subject', [
      '"username" text NOT NULL',
      '"password_hash" text',
      '"declared_password_hash" text',
    ]),
    indexes: { users_owner: '"owner"' },
  },
  {
    name: 'configuration_changes',
    columns: [
      '"version" bigint NOT NULL',
      '"kind" text NOT NULL',
      '"key" text NOT NULL',
      '"at" bigint NOT NULL',
      'PRIMARY KEY ("version", "kind", "key")',
    ],
    indexes: { configuration_changes_at: '"at"' },
  },
  {
    name: 'configuration_versions',
    columns: ['"id" bigint PRIMARY KEY NOT NULL', '"version" bigint NOT NULL'],
    indexes: {},
  },
];

/** Who may ask for what: clients, resources and people, and the feed of their changes. */
export class Configuration1795420803000 implements MigrationInterface {
  readonly name = 'Configuration1795420803000';

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables);
    await runner.query('CREATE UNIQUE INDEX "users_username" ON "users" ("username")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
  }
}

function configured(name: string, key: string, more: readonly string[] = []): TablePlan {
  const columns = [
    `"${key}" text PRIMARY KEY NOT NULL`,
    '"data" text NOT NULL',
    '"enabled" boolean NOT NULL',
    '"owner" text',
    ...more,
  ];
  return { name, columns, indexes: {} };
}
