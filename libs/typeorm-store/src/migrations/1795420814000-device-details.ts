import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rich authorization requests of devices: what exactly they wait for. */
export class DeviceDetails1795420814000 implements MigrationInterface {
  readonly name = 'DeviceDetails1795420814000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "device_authorizations" ADD COLUMN "authorization_details" text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "device_authorizations" DROP COLUMN "authorization_details"');
  }
}
