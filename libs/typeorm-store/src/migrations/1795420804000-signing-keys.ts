import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTables, dropTables, type TablePlan } from './create-tables.js';

const tables: readonly TablePlan[] = [
  {
    name: 'signing_keys',
    columns: [
      '"kid" text PRIMARY KEY NOT NULL',
      '"algorithm" text NOT NULL',
      '"generation" bigint NOT NULL',
      '"created_at" bigint NOT NULL',
      '"signs_from" bigint NOT NULL',
      '"sealed" text NOT NULL',
    ],
    indexes: {},
  },
];

/** The keys with which the server signs, encrypted; of each algorithm one of a generation. */
export class SigningKeys1795420804000 implements MigrationInterface {
  readonly name = 'SigningKeys1795420804000';

  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, tables);
    await runner.query('CREATE UNIQUE INDEX "signing_keys_generation" ON "signing_keys" ("algorithm", "generation")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, tables);
  }
}
