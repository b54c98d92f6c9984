import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Codes and refresh tokens that are bound to a key; those that are there already are not. */
export class Confirmations1795420808000 implements MigrationInterface {
  readonly name = 'Confirmations1795420808000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "authorization_codes" ADD COLUMN "dpop_jkt" text');
    await runner.query('ALTER TABLE "refresh_tokens" ADD COLUMN "confirmation" text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "refresh_tokens" DROP COLUMN "confirmation"');
    await runner.query('ALTER TABLE "authorization_codes" DROP COLUMN "dpop_jkt"');
  }
}
