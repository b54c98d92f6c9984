// Before all tests of jest.postgres.config.js: one PostgreSQL for all of them.
import { type OwnPostgres, startPostgres } from '../../libs/typeorm-store/src/testing/databases.fixture.js';

declare global {
  var testPostgres: OwnPostgres | undefined;
}

export default async function start(): Promise<void> {
  globalThis.testPostgres = await startPostgres();
  process.env.TEST_STORES = globalThis.testPostgres.url;
}
