import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { hashHandle, type Interaction } from '@tessera/resource-model';
import { databases, type TestDatabase } from '../testing/databases.fixture.js';
import { TypeOrmInteractionStore } from './typeorm-interaction.store.js';

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

/** So many seconds of a flood. */
const flood = (store: TypeOrmInteractionStore, seconds: number, difference: Partial<Interaction> = {}) =>
  Promise.all(
    Array.from({ length: seconds }, (_, i) => store.add(waiting(`flood ${i}`, { createdAt: i, ...difference }))),
  );

describe.each(databases)('A flood of waiting requests, on %s', (_name, open) => {
  let test: TestDatabase;
  let store: TypeOrmInteractionStore;
  beforeAll(async () => void (test = await open()), 60_000);
  beforeEach(async () => {
    await test.clear();
    // So little that it is added up each time.
    store = new TypeOrmInteractionStore(test.database, 20_000);
  });
  afterAll(() => test.close());

  const left = async (...names: string[]) => {
    const found = await Promise.all(names.map((name) => store.find(hashHandle(name))));
    return names.filter((_, i) => found[i] !== undefined);
  };

  it('from one network pushes out its own oldest and nobody else’s', async () => {
    await store.add(waiting('alice', { network: '198.51.100.7' }));
    await store.add(waiting('bob', { network: undefined }));
    await flood(store, 200);
    await store.add(waiting('last', { createdAt: 200 }));
    const held = await left(...Array.from({ length: 200 }, (_, i) => `flood ${i}`));
    expect(held).toEqual(Array.from({ length: 18 }, (_, i) => `flood ${182 + i}`));
    expect(await left('alice', 'bob', 'last')).toEqual(['alice', 'bob', 'last']);
  });

  it('from nowhere known is one network', async () => {
    await store.add(waiting('alice'));
    await flood(store, 30, { network: undefined });
    expect(await left('alice', 'flood 0')).toEqual(['alice']);
    expect((await store.find(hashHandle('flood 29')))?.network).toBeUndefined();
  });

  it('of few but long ones counts by what it takes, not by its number', async () => {
    await store.add(waiting('first'));
    await store.add(waiting('long', { createdAt: 1, parameters: { state: 'x'.repeat(18_000) } }));
    await store.add(waiting('last', { createdAt: 2 }));
    expect(await left('first', 'long', 'last')).toEqual(['last']);
    expect((await store.find(hashHandle('last')))?.network).toBe('192.0.2.1');
  });
});
