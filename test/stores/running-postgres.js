/** What was started before the tests, and is to be stopped after them. @type {import('../../libs/typeorm-store/dist/testing/databases.fixture.js').OwnPostgres[]} */
export const running = [];
