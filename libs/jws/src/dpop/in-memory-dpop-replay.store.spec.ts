import { describe, expect, it } from '@jest/globals';
import { dpopReplayStoreContract } from '../testing/index.js';
import { InMemoryDpopReplayStore } from './in-memory-dpop-replay.store.js';

describe('InMemoryDpopReplayStore', () => {
  dpopReplayStoreContract(() => new InMemoryDpopReplayStore());

  it('remembers through the last second', () => {
    let now = 1000;
    const store = new InMemoryDpopReplayStore(10, () => now);
    expect(store.remember('a', 2)).toBe(true);
    now = 2999;
    expect(store.remember('a', 2)).toBe(false);
    now = 3000;
    expect(store.remember('a', 9)).toBe(true);
  });

  it('forgets what expired, a little with each call', () => {
    let now = 0;
    const store = new InMemoryDpopReplayStore(10, () => now);
    for (const id of ['a', 'b', 'c']) store.remember(id, 10);
    now = 11_000;
    store.remember('d', 20);
    expect(store.size).toBe(1);
  });

  it('full, it refuses new proofs and forgets no used one', () => {
    const store = new InMemoryDpopReplayStore(2, () => 0);
    store.remember('a', 10);
    store.remember('b', 10);
    expect(() => store.remember('c', 10)).toThrow('2 used DPoP proofs are remembered; no more fit in.');
    expect(store.remember('a', 10)).toBe(false);
    expect(store.remember('b', 10)).toBe(false);
    expect(store.size).toBe(2);
  });

  it('full, it has room again when something expires, wherever that stands', () => {
    let now = 0;
    const store = new InMemoryDpopReplayStore(2, () => now);
    store.remember('long', 100);
    store.remember('short', 10);
    expect(() => store.remember('c', 10)).toThrow();
    now = 11_000;
    expect(store.remember('c', 20)).toBe(true);
    expect(store.remember('long', 100)).toBe(false);
  });
});
