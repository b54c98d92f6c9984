import { keyAtOnce, KeySourceTrial, outcome, until } from './key-source-trial.spec.fixture.js';

const metadataPath = '/.well-known/openid-configuration';
const trial = new KeySourceTrial();

describe('The keys of an issuer', () => {
  it('are fetched when first needed, once for everybody who waits, and then kept', async () => {
    const keys = trial.source();
    expect(trial.issuer.requests).toEqual([]);
    await Promise.all(Array.from({ length: 50 }, () => outcome(keys)));
    trial.now += 224;
    keyAtOnce(keys);
    expect(trial.fetched).toBe(1);
    expect(trial.issuer.requests).toEqual([metadataPath, '/jwks']);
  });

  it('a fetch that was under way when time jumped, as on a machine that slept, is followed by another', async () => {
    const keys = trial.source();
    expect(await outcome(keys)).toBe('found');
    trial.now += 230;
    const fetching = keys.prefetch();
    trial.now += 86_400;
    expect(await outcome(keys)).toBe('found');
    await fetching;
    expect(trial.fetched).toBe(3);
  });

  it('are fetched anew when their lifetime is over, and a removed key stops working then', async () => {
    const keys = trial.source();
    expect(await outcome(keys)).toBe('found');
    const key = keyAtOnce(keys);
    trial.issuer.removeKey('first');
    trial.now += 224;
    expect(keys.holds(key)).toBe(true);
    trial.now += 76;
    expect(keys.holds(key)).toBe(false);
    expect(await outcome(keys)).toBe('key_unknown');
    expect(keys.holds(key)).toBe(false);
  });

  it('keep their identity in a new set, also when other keys come and go', async () => {
    const keys = trial.source();
    await trial.issuer.addKey('second');
    await outcome(keys);
    const [first, second] = [keyAtOnce(keys, 'first'), keyAtOnce(keys, 'second')];
    trial.issuer.removeKey('first');
    await trial.issuer.addKey('third');
    expect(await outcome(keys, 'third')).toBe('found');
    expect(keyAtOnce(keys, 'second')).toBe(second);
    expect(keys.holds(second)).toBe(true);
    expect(keys.holds(first)).toBe(false);
  });

  it('lose their identity when the issuer publishes another key under the name', async () => {
    const keys = trial.source();
    await outcome(keys);
    const first = keyAtOnce(keys);
    await trial.issuer.addKey('first');
    trial.now += 300;
    expect(await outcome(keys)).toBe('found');
    expect(keyAtOnce(keys)).not.toBe(first);
    expect(keys.holds(first)).toBe(false);
  });

  it('are fetched from a configured jwksUri without discovery', async () => {
    expect(await outcome(trial.source({ jwksUri: `${trial.issuer.url}/jwks` }))).toBe('found');
    expect(trial.issuer.requests).toEqual(['/jwks']);
  });

  it('may move: the metadata are read again when the keys have grown old', async () => {
    const keys = trial.source();
    await outcome(keys);
    trial.issuer.metadata = { jwks_uri: `${trial.issuer.url}/moved` };
    trial.issuer.faults.set('/moved', (response) => response.end(JSON.stringify({ keys: [] })));
    trial.now += 300;
    expect(await outcome(keys)).toBe('key_unknown');
    expect(trial.issuer.requests).toContain('/moved');
  });

  it('a new key is found at once by one refetch', async () => {
    const keys = trial.source();
    await outcome(keys);
    await trial.issuer.addKey('second');
    expect(await outcome(keys, 'second')).toBe('found');
    expect(trial.issuer.jwksFetches).toBe(2);
  });

  it('one malformed key in the set does not spoil the others', async () => {
    trial.issuer.published.set('broken', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'broken', alg: 'ES256' });
    const keys = trial.source();
    expect(await outcome(keys)).toBe('found');
    expect(await outcome(keys, 'broken')).toBe('key_unusable');
  });
});

describe('Keys that grow old', () => {
  it('are fetched ahead of time, and nobody waits for that', async () => {
    const keys = trial.source();
    await outcome(keys);
    const key = keyAtOnce(keys);
    const answer = trial.hangKeys();
    trial.now += 225;
    for (let n = 0; n < 100; n++) {
      expect(keys.holds(key)).toBe(true);
      expect(keyAtOnce(keys)).toBe(key);
    }
    await until(() => trial.issuer.jwksFetches === 2);
    answer();
    await until(() => trial.fetched === 2);
    trial.now += 224;
    expect(keys.holds(key)).toBe(true);
    expect(trial.issuer.jwksFetches).toBe(2);
  });

  it('are fetched ahead of time for cached tokens alone, too', async () => {
    const keys = trial.source();
    await outcome(keys);
    const key = keyAtOnce(keys);
    trial.issuer.removeKey('first');
    trial.now += 225;
    expect(keys.holds(key)).toBe(true);
    await until(() => trial.fetched === 2);
    expect(keys.holds(key)).toBe(false);
  });

  it('are not used beyond their lifetime while the refresh is under way', async () => {
    const keys = trial.source();
    await outcome(keys);
    const key = keyAtOnce(keys);
    const answer = trial.hangKeys();
    trial.now += 225;
    keyAtOnce(keys);
    await until(() => trial.issuer.jwksFetches === 2);
    trial.issuer.removeKey('first');
    trial.now += 75;
    expect(keys.holds(key)).toBe(false);
    const waiting = outcome(keys);
    answer();
    expect(await waiting).toBe('key_unknown');
    expect(trial.issuer.jwksFetches).toBe(2);
  });

  it.each([
    ['nothing', undefined, {}, 300],
    ['a shorter time', 'public, max-age=100', {}, 100],
    ['a longer time than is configured', 'max-age=86400', {}, 300],
    ['less than the cool-down', 'max-age=5', {}, 30],
    ['no-cache', 'no-cache', {}, 30],
    ['no-store', 'no-store, max-age=200', {}, 30],
    ['a time of which a cache has used up a part', 'max-age=200', { age: '80' }, 120],
    ['a time for shared caches', 's-maxage=40', {}, 300],
  ])('where Cache-Control says %s, live accordingly', async (_, cacheControl, more, lifetime) => {
    trial.issuer.headers.set('/jwks', { ...(cacheControl && { 'cache-control': cacheControl }), ...more });
    const keys = trial.source();
    await outcome(keys);
    const key = keyAtOnce(keys);
    trial.now += lifetime * 0.75 - 1;
    expect(keys.holds(key)).toBe(true);
    trial.hangKeys();
    trial.now += lifetime * 0.25;
    expect(keys.holds(key)).toBe(true);
    await until(() => trial.issuer.jwksFetches === 2);
    trial.now += 1;
    expect(keys.holds(key)).toBe(false);
  });

  it('live no longer than is configured, also when that is below the cool-down', async () => {
    trial.issuer.headers.set('/jwks', { 'cache-control': 'no-cache' });
    const keys = trial.source({ cacheLifetime: 10 });
    await outcome(keys);
    const key = keyAtOnce(keys);
    trial.now += 10;
    expect(keys.holds(key)).toBe(false);
  });
});

describe('A flood of unknown kids', () => {
  it('causes one fetch in a cool-down, however many come and whether together or in turn', async () => {
    const keys = trial.source();
    await outcome(keys);
    const key = keyAtOnce(keys);
    const flood = Promise.all(Array.from({ length: 1_000 }, (_, n) => outcome(keys, `together-${n}-${Math.random()}`)));
    expect(keyAtOnce(keys)).toBe(key);
    expect(new Set(await flood)).toEqual(new Set(['key_unknown']));
    for (let n = 0; n < 1_000; n++) expect(await outcome(keys, `in-turn-${n}`)).toBe('key_unknown');
    expect(keyAtOnce(keys)).toBe(key);
    expect(trial.issuer.jwksFetches).toBe(2);
    trial.now += 30;
    await outcome(keys, 'after-the-cool-down');
    await outcome(keys, 'and-another');
    expect(trial.issuer.jwksFetches).toBe(3);
  });

  it('does not make known keys wait, even while the refetch hangs', async () => {
    const keys = trial.source();
    await outcome(keys);
    const answer = trial.hangKeys();
    const unknown = outcome(keys, 'unknown');
    await until(() => trial.issuer.jwksFetches === 2);
    keyAtOnce(keys);
    answer();
    expect(await unknown).toBe('key_unknown');
  });

  it('at an issuer that is away does not make young keys ask it either', async () => {
    const keys = trial.source();
    await outcome(keys);
    await trial.issuer.close();
    expect(await outcome(keys, 'unknown')).toBe('issuer_unavailable');
    await trial.issuer.open();
    trial.now += 30;
    keyAtOnce(keys);
    await fetch(`${trial.issuer.url}/something-later`);
    expect(trial.issuer.metadataFetches).toBe(1);
    expect(await outcome(keys, 'unknown')).toBe('key_unknown');
    expect(trial.issuer.metadataFetches).toBe(2);
  });

  it('does not have the metadata read again', async () => {
    const keys = trial.source();
    await outcome(keys);
    await outcome(keys, 'unknown');
    expect(trial.issuer.metadataFetches).toBe(1);
  });

  it('costs a cold start one fetch and not two', async () => {
    expect(await outcome(trial.source(), 'unknown')).toBe('key_unknown');
    expect(trial.issuer.jwksFetches).toBe(1);
  });
});

describe('An issuer that is away', () => {
  it('without any keys known: unavailable, tried again after a second at the soonest', async () => {
    await trial.issuer.close();
    const keys = trial.source();
    const tries = await Promise.all(Array.from({ length: 20 }, () => outcome(keys)));
    expect(new Set(tries)).toEqual(new Set(['issuer_unavailable']));
    expect(await outcome(keys)).toBe('issuer_unavailable');
    expect(trial.failures).toHaveLength(1);
    await trial.issuer.open();
    trial.now += 1;
    expect(await outcome(keys)).toBe('found');
  });

  it('may start later: a prefetch that failed delays nothing', async () => {
    await trial.issuer.close();
    const keys = trial.source();
    await keys.prefetch();
    expect(trial.failures).toEqual([expect.stringContaining('ECONNREFUSED')]);
    await trial.issuer.open();
    expect(await outcome(keys)).toBe('found');
  });

  it('the last known keys serve on, within a bound', async () => {
    const keys = trial.source({ staleLifetime: 600 });
    await outcome(keys);
    await trial.issuer.close();
    trial.now += 899;
    expect(await outcome(keys)).toBe('found');
    trial.now += 1;
    expect(await outcome(keys)).toBe('issuer_unavailable');
  });

  it('is asked once in a cool-down while the last known keys serve', async () => {
    const keys = trial.source();
    await outcome(keys);
    await trial.issuer.close();
    trial.now += 300;
    for (let n = 0; n < 10; n++) expect(await outcome(keys)).toBe('found');
    expect(trial.failures).toHaveLength(1);
    trial.now += 30;
    for (let n = 0; n < 10; n++) keyAtOnce(keys);
    await until(() => trial.failures.length === 2);
    for (let n = 0; n < 10; n++) keyAtOnce(keys);
    expect(trial.failures).toHaveLength(2);
  });

  it('does not make anybody wait while the last known keys serve, even when it does not answer', async () => {
    const keys = trial.source();
    await outcome(keys);
    const key = keyAtOnce(keys);
    trial.issuer.faults.set('/jwks', (response) => response.writeHead(500).end());
    trial.now += 270;
    expect(keys.holds(key)).toBe(true);
    await until(() => trial.failures.length === 1);
    const answer = trial.hangKeys();
    trial.now += 30;
    expect(keys.holds(key)).toBe(true);
    await until(() => trial.issuer.jwksFetches === 3);
    expect(keyAtOnce(keys)).toBe(key);
    answer();
    await until(() => trial.fetched === 2);
  });

  it('and comes back while nobody asks is asked first: a key that was removed meanwhile is not served once more', async () => {
    const keys = trial.source();
    await outcome(keys);
    const key = keyAtOnce(keys);
    await trial.issuer.close();
    trial.now += 300;
    expect(await outcome(keys)).toBe('found');
    trial.issuer.removeKey('first');
    await trial.issuer.open();
    trial.now += 600;
    expect(keys.holds(key)).toBe(false);
    expect(await outcome(keys)).toBe('key_unknown');
  });

  it('is tried each second once the last known keys serve no longer', async () => {
    const keys = trial.source({ staleLifetime: 600 });
    await outcome(keys);
    await trial.issuer.close();
    trial.now += 890;
    expect(await outcome(keys)).toBe('found');
    trial.now += 10;
    expect(await outcome(keys)).toBe('issuer_unavailable');
    await trial.issuer.open();
    expect(await outcome(keys)).toBe('issuer_unavailable');
    trial.now += 1;
    expect(await outcome(keys)).toBe('found');
  });

  it('with no time beyond the lifetime: refused at its end, and not before', async () => {
    const keys = trial.source({ staleLifetime: 0 });
    await outcome(keys);
    await trial.issuer.close();
    trial.now += 299;
    keyAtOnce(keys);
    await until(() => trial.failures.length === 1);
    keyAtOnce(keys);
    trial.now += 1;
    expect(await outcome(keys)).toBe('issuer_unavailable');
    expect(trial.failures).toHaveLength(2);
  });

  it('leaves an unknown kid unjudged: unavailable, not unknown', async () => {
    const keys = trial.source();
    await outcome(keys);
    await trial.issuer.close();
    expect(await outcome(keys, 'second')).toBe('issuer_unavailable');
    expect(await outcome(keys, 'third')).toBe('issuer_unavailable');
    expect(await outcome(keys)).toBe('found');
  });

  it('says after how many seconds to try again', async () => {
    await trial.issuer.close();
    await expect(trial.source().keyFor({ alg: 'ES256', kid: 'first' })).rejects.toMatchObject({
      details: { retryAfter: 1 },
    });
  });
});

describe('What a health check is told', () => {
  it('before the first token: nothing is wrong', () => {
    expect(trial.source().status()).toEqual({ usable: true, keyIds: [] });
  });

  it('the names of the usable keys, and how long they serve', async () => {
    trial.issuer.published.set('broken', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'broken', alg: 'ES256' });
    const keys = trial.source();
    await keys.prefetch();
    const status = { usable: true, keyIds: ['first'], fetchedAt: 1_000_000, usableUntil: 1_003_900 };
    expect(keys.status()).toEqual(status);
    await trial.issuer.close();
    trial.now += 300;
    await outcome(keys);
    expect(keys.status()).toEqual({ ...status, failure: expect.stringContaining('ECONNREFUSED') });
    trial.now += 3_600;
    await outcome(keys);
    expect(keys.status()).toMatchObject({ usable: false });
  });

  it('that an issuer without keys known is away', async () => {
    await trial.issuer.close();
    const keys = trial.source();
    await keys.prefetch();
    expect(keys.status()).toMatchObject({ usable: false, keyIds: [] });
  });
});
