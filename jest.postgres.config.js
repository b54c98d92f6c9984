import everywhere from './jest.config.js';

/** With one PostgreSQL for the servers of all tests: each of them has a database in it. */
export default {
  ...everywhere,
  globalSetup: '<rootDir>/test/stores/start-postgres.js',
  globalTeardown: '<rootDir>/test/stores/stop-postgres.js',
};
