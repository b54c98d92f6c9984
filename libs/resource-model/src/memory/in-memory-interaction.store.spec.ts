import { describe, expect, it } from '@jest/globals';
import { hashHandle } from '../handle.js';
import type { Interaction } from '../interaction.js';
import { InMemoryInteractionStore } from './in-memory-interaction.store.js';

const waiting = (name: string, difference: Partial<Interaction> = {}): Interaction => ({
  handleHash: hashHandle(name),
  browserHash: hashHandle(`browser of ${name}`),
  network: '192.0.2.1',
  kind: 'authorize',
  clientId: 'web',
  parameters: {},
  answers: {},
  createdAt: 0,
  expiresAt: 3600,
  ...difference,
});

/** Which of these are still there. */
const left = async (store: InMemoryInteractionStore, ...names: string[]) => {
  const found = await Promise.all(names.map((name) => store.find(hashHandle(name))));
  return names.filter((_, i) => found[i] !== undefined);
};

describe('A flood of waiting requests', () => {
  it('from one network, a fresh browser for each, pushes out its own and nobody else’s', async () => {
    const store = new InMemoryInteractionStore(50_000);
    await store.add(waiting('alice', { network: '198.51.100.7' }));
    await store.add(waiting('bob', { network: '2001:db8:0:1::/64' }));
    for (let i = 0; i < 1000; i++) await store.add(waiting(`flood ${i}`));
    expect(await left(store, 'alice', 'bob', 'flood 0', 'flood 999')).toEqual(['alice', 'bob', 'flood 999']);
  });

  it('from a few networks pushes out their own, too', async () => {
    const store = new InMemoryInteractionStore(50_000);
    await store.add(waiting('alice', { network: '198.51.100.7' }));
    for (let i = 0; i < 1000; i++) await store.add(waiting(`flood ${i}`, { network: `2001:db8:0:${i % 8}::/64` }));
    expect(await left(store, 'alice', 'flood 0', 'flood 999')).toEqual(['alice', 'flood 999']);
  });

  it('of few but long ones counts by what it takes, not by its number', async () => {
    const store = new InMemoryInteractionStore(100_000);
    const people = Array.from({ length: 20 }, (_, i) => `person ${i}`);
    for (const person of people) await store.add(waiting(person, { network: 'an office' }));
    const parameters = { state: 'x'.repeat(40_000) };
    for (let i = 0; i < 5; i++) await store.add(waiting(`flood ${i}`, { parameters }));
    expect(await left(store, ...people, 'flood 3', 'flood 4')).toEqual([...people, 'flood 4']);
  });

  it('from nowhere known is one network', async () => {
    const store = new InMemoryInteractionStore(50_000);
    await store.add(waiting('alice'));
    for (let i = 0; i < 1000; i++) await store.add(waiting(`flood ${i}`, { network: undefined }));
    expect(await left(store, 'alice', 'flood 999')).toEqual(['alice', 'flood 999']);
  });
});

describe('Interactions in memory', () => {
  it('give their room back: taken, or ended', async () => {
    const store = new InMemoryInteractionStore(5000);
    for (let i = 0; i < 100; i++) {
      await store.add(waiting(`taken ${i}`));
      await store.take(hashHandle(`taken ${i}`));
      await store.add(waiting(`ended ${i}`, { expiresAt: i }));
      await store.answer(hashHandle(`ended ${i}`), { cancelled: true });
      expect(await store.removeExpired(i + 1, 9)).toBe(1);
    }
    const names = ['a', 'b', 'c', 'd'];
    for (const name of names) await store.add(waiting(name));
    expect(await left(store, ...names)).toEqual(names);
  });

  it('are removed in batches once they have ended', async () => {
    const store = new InMemoryInteractionStore();
    for (const expiresAt of [10, 11, 100]) await store.add(waiting(`${expiresAt}`, { expiresAt }));
    expect(await store.removeExpired(100, 1)).toBe(1);
    expect(await store.removeExpired(100, 9)).toBe(1);
    expect(await store.removeExpired(100, 9)).toBe(0);
  });
});
