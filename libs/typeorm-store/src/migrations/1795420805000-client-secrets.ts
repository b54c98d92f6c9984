import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a client has of secrets that have to be read again is encrypted, beside what everybody may read. */
export class ClientSecrets1795420805000 implements MigrationInterface {
  readonly name = 'ClientSecrets1795420805000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "clients" ADD COLUMN "sealed_secrets" text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "clients" DROP COLUMN "sealed_secrets"');
  }
}
