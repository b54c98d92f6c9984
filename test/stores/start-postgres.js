// Before all tests of jest.postgres.config.js: one PostgreSQL for all of them. JavaScript, for Jest does not translate this file as it does the tests.
import { env } from 'node:process';
import { startPostgres } from '../../libs/typeorm-store/dist/testing/databases.fixture.js';
import { running } from './running-postgres.js';

export default async function start() {
  const postgres = await startPostgres();
  running.push(postgres);
  env.TEST_STORES = postgres.url;
}
