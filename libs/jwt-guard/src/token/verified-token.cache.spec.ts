import { VerifiedTokenCache, type VerifiedToken } from './verified-token.cache.js';

const entry = (name: string): VerifiedToken => ({ access: { subject: name } }) as unknown as VerifiedToken;

/** As a verifier uses it: looked up, and added where it was not found. */
function ask(cache: VerifiedTokenCache, token: string): 'hit' | 'miss' | 'asleep' {
  const key = cache.keyOf(token);
  if (key === undefined) return 'asleep';
  if (cache.find(key)) return 'hit';
  cache.add(key, entry(token));
  return 'miss';
}

describe('The cache of verified tokens', () => {
  it('finds a token by the whole of it', () => {
    const cache = new VerifiedTokenCache(10);
    expect(ask(cache, 'a.b.c')).toBe('miss');
    expect(ask(cache, 'a.b.c')).toBe('hit');
    expect(ask(cache, 'a.b.d')).toBe('miss');
    expect(ask(cache, 'a.b.c ')).toBe('miss');
  });

  it('does not keep the token itself', () => {
    expect(new VerifiedTokenCache(10).keyOf('a.b.c')).toMatch(/^[\w-]{43}$/);
  });

  it('is bounded: what was not asked for longest gives way, what was asked for again stays', () => {
    const cache = new VerifiedTokenCache(4);
    for (const token of ['a', 'b', 'c', 'a', 'd', 'e']) ask(cache, token);
    const isKnown = (token: string): boolean => cache.find(cache.keyOf(token) ?? '') !== undefined;
    expect(['b', 'a', 'd', 'e'].map(isKnown)).toEqual([false, true, true, true]);
    for (let number = 0; number < 1_000; number++) ask(cache, `token ${number}`);
    expect(['a', 'b', 'c', 'd', 'e'].filter(isKnown)).toEqual([]);
  });

  it('is off at size 0', () => {
    expect(ask(new VerifiedTokenCache(0), 'a')).toBe('asleep');
  });

  it('notices that no token comes twice, rests, and tries again later', () => {
    const cache = new VerifiedTokenCache(100);
    const answers = Array.from({ length: 2_401 }, (_, number) => ask(cache, `token ${number}`));
    expect(answers.slice(0, 200)).not.toContain('asleep');
    expect(answers.slice(200, 2_200).every((answer) => answer === 'asleep')).toBe(true);
    expect(answers.slice(2_200, 2_400).every((answer) => answer === 'miss')).toBe(true);
    expect(answers.at(-1)).toBe('asleep');
  });

  it('does not rest while tokens come again', () => {
    const cache = new VerifiedTokenCache(100);
    for (let number = 0; number < 5_000; number++) expect(ask(cache, `token ${number % 50}`)).not.toBe('asleep');
  });
});
