import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SystemClock } from '@tessera/resource-model';
import { Housekeeping } from './housekeeping.js';

describe('Housekeeping', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('of servers that start at once is spread over the minute, and done each minute', async () => {
    const sweeps: number[][] = [];
    const servers = Array.from({ length: 20 }, (_, server) => {
      const seconds: number[] = (sweeps[server] = []);
      const removeExpired = async () => seconds.push(Math.floor(jest.now() / 1000)) && 0;
      return new Housekeeping([{ removeExpired }], new SystemClock());
    });
    const start = Math.floor(jest.now() / 1000);
    servers.forEach((server) => server.onApplicationBootstrap());
    await jest.advanceTimersByTimeAsync(180_000);
    servers.forEach((server) => server.onApplicationShutdown());
    for (const [first, second, third] of sweeps) {
      expect(first! - start).toBeLessThanOrEqual(60);
      expect([second! - first!, third! - second!]).toEqual([60, 60]);
    }
    expect(new Set(sweeps.map(([first]) => first)).size).toBeGreaterThan(5);
    await jest.advanceTimersByTimeAsync(180_000);
    expect(sweeps.map(({ length }) => length)).toEqual(Array(20).fill(3));
  });
});
