// Before all tests, where TEST_STORES=postgres: one PostgreSQL for all of them, whose URL takes the place of the word.
import { type OwnPostgres, startPostgres } from '../../libs/typeorm-store/src/testing/databases.fixture.js';

declare global {
  var testPostgres: OwnPostgres | undefined;
}

export default async function start(): Promise<void> {
  if (process.env.TEST_STORES !== 'postgres') return;
  globalThis.testPostgres = await startPostgres();
  process.env.TEST_STORES = globalThis.testPostgres.url;
}
