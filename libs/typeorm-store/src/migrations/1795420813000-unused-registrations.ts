import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Until when a registered client that nobody uses is kept. */
export class UnusedRegistrations1795420813000 implements MigrationInterface {
  readonly name = 'UnusedRegistrations1795420813000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "registered_clients" ADD COLUMN "unused_until" bigint');
    await runner.query('CREATE INDEX "registered_clients_unused" ON "registered_clients" ("unused_until")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "registered_clients_unused"');
    await runner.query('ALTER TABLE "registered_clients" DROP COLUMN "unused_until"');
  }
}
