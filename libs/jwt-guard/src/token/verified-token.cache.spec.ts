import { VerifiedTokenCache, type VerifiedToken } from './verified-token.cache.js';

const entry = (name: string): VerifiedToken => ({ access: { subject: name } }) as unknown as VerifiedToken;

/** As a verifier uses it: looked up, and added where it was not found. */
function ask(cache: VerifiedTokenCache, token: string): 'hit' | 'miss' {
  if (cache.find(token)) return 'hit';
  cache.add(token, entry(token));
  return 'miss';
}

describe('The cache of verified tokens', () => {
  it('finds a token by the whole of it', () => {
    const cache = new VerifiedTokenCache(10);
    expect(ask(cache, 'a.b.c')).toBe('miss');
    expect(ask(cache, 'a.b.c')).toBe('hit');
    for (const other of ['a.b.d', 'A.b.c', 'a.b.c ', 'a.b.cc', 'a.b.']) expect(cache.find(other)).toBeUndefined();
  });

  it('is bounded: what was not asked for longest gives way, what was asked for again stays', () => {
    const cache = new VerifiedTokenCache(4);
    for (const token of ['a', 'b', 'c', 'a', 'd', 'e']) ask(cache, token);
    const isKnown = (token: string): boolean => cache.find(token) !== undefined;
    expect(['b', 'a', 'd', 'e'].map(isKnown)).toEqual([false, true, true, true]);
    for (let number = 0; number < 1_000; number++) ask(cache, `token ${number}`);
    expect(['a', 'b', 'c', 'd', 'e'].filter(isKnown)).toEqual([]);
  });

  it('is off at size 0', () => {
    const cache = new VerifiedTokenCache(0);
    expect([ask(cache, 'a'), ask(cache, 'a')]).toEqual(['miss', 'miss']);
  });

  it('notices that no token comes twice, rests, and tries again later', () => {
    const cache = new VerifiedTokenCache(100);
    let count = 0;
    /** Whether a token that comes at this time is remembered. */
    const remembers = (): boolean => {
      ask(cache, `token ${++count}`);
      return cache.find(`token ${count}`) !== undefined;
    };
    for (let lookups = 0; lookups < 200; lookups++) ask(cache, `single ${lookups}`);
    const answers = Array.from({ length: 1_000 }, remembers);
    expect(answers.every((remembered) => !remembered)).toBe(true);
    expect(Array.from({ length: 100 }, remembers).every(Boolean)).toBe(true);
  });

  it('does not rest while tokens come again', () => {
    const cache = new VerifiedTokenCache(100);
    for (let number = 0; number < 5_000; number++) ask(cache, `token ${number % 50}`);
    expect(Array.from({ length: 50 }, (_, number) => ask(cache, `token ${number}`))).not.toContain('miss');
  });
});
