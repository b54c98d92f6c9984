import { describe, expect, it } from '@jest/globals';
import { LiveCache } from './live-cache.js';
import { LiveValue } from './live-value.js';

/** Answers when the test says so. */
function questions() {
  const asked: { readonly key: string; readonly answer: (value?: string) => void; readonly fail: () => void }[] = [];
  const load = (key: string) =>
    new Promise<string | undefined>((resolve, reject) =>
      asked.push({ key, answer: resolve, fail: () => reject(new Error('no answer')) }),
    );
  return { asked, load };
}

describe('What is looked up', () => {
  it('is asked for once, also by many at once', async () => {
    const { asked, load } = questions();
    const cache = new LiveCache(9, load);
    const readers = [cache.get('a'), cache.get('a'), cache.get('a')];
    asked[0]!.answer('A');
    expect(await Promise.all(readers)).toEqual(['A', 'A', 'A']);
    expect(await cache.get('a')).toBe('A');
    expect(asked).toHaveLength(1);
  });

  it('is not kept when it changed while it was read: the old answer must not outlive the change', async () => {
    for (const drop of [(cache: LiveCache<string>) => cache.drop('a'), (cache: LiveCache<string>) => cache.dropAll()]) {
      const { asked, load } = questions();
      const cache = new LiveCache(9, load);
      const early = cache.get('a');
      drop(cache);
      const late = cache.get('a');
      asked[1]!.answer('new');
      expect(await late).toBe('new');
      asked[0]!.answer('old');
      await early;
      expect(await cache.get('a')).toBe('new');
    }
  });

  it('puts out what was not asked for longest when there is no room', async () => {
    const asked: string[] = [];
    const cache = new LiveCache(2, async (key) => {
      asked.push(key);
      return key;
    });
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.get(key);
    expect(asked).toEqual(['a', 'b', 'c', 'b']);
  });

  it('stays when a flood of unknown keys comes, none of which is kept', async () => {
    const asked: string[] = [];
    const cache = new LiveCache(2, async (key) => {
      asked.push(key);
      return key === 'known' ? key : undefined;
    });
    await cache.get('known');
    await Promise.all(Array.from({ length: 1000 }, (_one, index) => cache.get(`random ${index}`)));
    await cache.get('random 1');
    await cache.get('known');
    expect(asked.filter((key) => key === 'known')).toHaveLength(1);
    expect(asked.filter((key) => key === 'random 1')).toHaveLength(2);
  });

  it('is asked for again after a failure', async () => {
    const { asked, load } = questions();
    const cache = new LiveCache(9, load);
    const failing = cache.get('a');
    asked[0]!.fail();
    await expect(failing).rejects.toThrow('no answer');
    const again = cache.get('a');
    asked[1]!.answer('A');
    expect(await again).toBe('A');
  });
});

describe('What is made of many rows', () => {
  it('is the same until it is dropped, and made again after a failure', async () => {
    let made = 0;
    const value = new LiveValue(async () => {
      made++;
      if (made === 1) throw new Error('no answer');
      return { made };
    });
    await expect(value.get()).rejects.toThrow('no answer');
    const first = await value.get();
    expect(await value.get()).toBe(first);
    value.drop();
    expect(await value.get()).toEqual({ made: 3 });
  });
});
