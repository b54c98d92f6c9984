import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Database, Row } from '../database/database.js';
import { databases, openDatabase, type TestDatabase } from '../testing/databases.fixture.js';
import { ConfigurationWatch } from './configuration-watch.js';
import { client, createNode, FakeClock, type Node } from './node.fixture.js';

describe('A server that watches the configuration', () => {
  let test: TestDatabase;
  let second: Awaited<ReturnType<typeof openDatabase>>;
  let failing: boolean;
  let here: Node;
  let there: Node;
  let clock: FakeClock;
  let watch: ConfigurationWatch;
  const warnings = jest.fn();
  const said = jest.fn();

  beforeEach(async () => {
    test = await databases[0]![1]();
    second = await openDatabase(test.url);
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'Date'] });
    Logger.overrideLogger({ log: said, warn: warnings, error: warnings });
    [clock, failing] = [new FakeClock(), false];
    here = createNode(test.database, clock);
    there = createNode(
      breakable(second.database, () => failing),
      clock,
    );
    watch = new ConfigurationWatch(there.changes, clock);
    watch.onApplicationBootstrap();
    await here.apply({ clients: [client('a')] });
    await pass(1);
  });

  afterEach(async () => {
    await watch.beforeApplicationShutdown();
    jest.useRealTimers();
    jest.clearAllMocks();
    Logger.overrideLogger(['error']);
    await second.dataSource.destroy();
    await test.close();
  });

  const pass = async (seconds: number) => {
    for (let i = 0; i < seconds; i++) {
      clock.time++;
      await jest.advanceTimersByTimeAsync(1000);
    }
  };
  const disable = () => here.apply({ clients: [client('a', { enabled: false })] });
  const isEnabled = async () => (await there.clients.find('a'))?.enabled;

  it('knows within a second what another one changed', async () => {
    expect(await isEnabled()).toBe(true);
    await disable();
    expect(await isEnabled()).toBe(true);
    await pass(1);
    expect(await isEnabled()).toBe(false);
  });

  it('serves what it knows for ten seconds when it cannot read the changes, and nothing after that', async () => {
    expect(await isEnabled()).toBe(true);
    failing = true;
    await pass(10);
    expect(await isEnabled()).toBe(true);
    await pass(1);
    await expect(isEnabled()).rejects.toThrow('the database is away');
    await disable();
    failing = false;
    await pass(1);
    expect(await isEnabled()).toBe(false);
  });

  it('says once that it cannot read the changes, and once that it can again', async () => {
    failing = true;
    await pass(5);
    failing = false;
    await pass(5);
    expect(warnings).toHaveBeenCalledTimes(1);
    expect(warnings.mock.calls[0]![0]).toContain('cannot be read: the database is away');
    expect(said).toHaveBeenCalledTimes(1);
  });

  it('stops when the application ends', async () => {
    await isEnabled();
    await watch.beforeApplicationShutdown();
    await disable();
    await pass(5);
    expect(await isEnabled()).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });
});

function breakable(database: Database, isBroken: () => boolean): Database {
  const breakable = Object.create(database) as Database;
  breakable.all = async (...question): Promise<readonly Row[]> => {
    if (isBroken()) throw new Error('the database is away');
    return database.all(...question);
  };
  return breakable;
}
