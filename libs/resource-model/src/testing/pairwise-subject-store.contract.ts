import { expect, it } from '@jest/globals';
import type { PairwiseSubjectStore } from '../stores/pairwise-subject.store.js';

/** What every store of pairwise subjects must do. Call it inside of a `describe`. */
export function pairwiseSubjectStoreContract(create: () => Promise<PairwiseSubjectStore>): void {
  it('knows whom an identifier means, compared letter by letter, and nobody for another', async () => {
    const store = await create();
    await store.add('aBc', 'alice');
    await store.add('abc', 'bob');
    expect([await store.find('aBc'), await store.find('abc')]).toEqual(['alice', 'bob']);
    for (const unknown of ['ABC', 'aBc ', 'alice', '']) expect(await store.find(unknown)).toBeUndefined();
  });

  it('knows one person under several identifiers', async () => {
    const store = await create();
    await store.add('one', 'alice');
    await store.add('other', 'alice');
    expect([await store.find('one'), await store.find('other')]).toEqual(['alice', 'alice']);
  });

  it('is content with what it knows already, also twenty times at once', async () => {
    const store = await create();
    await Promise.all(Array.from({ length: 20 }, () => store.add('one', 'alice')));
    await store.add('one', 'alice');
    expect(await store.find('one')).toBe('alice');
  });
}
