import { KeySourceTrial, outcome } from './key-source-trial.spec.fixture.js';

const metadataPath = '/.well-known/openid-configuration';
const trial = new KeySourceTrial();

describe('The keys of an issuer', () => {
  it('are fetched when first needed, once for everybody who waits, and then kept', async () => {
    const keys = trial.source();
    expect(trial.issuer.requests).toEqual([]);
    await Promise.all(Array.from({ length: 50 }, () => keys.keyFor({ alg: 'ES256', kid: 'first' })));
    trial.now += 299;
    expect(await outcome(keys)).toBe('found');
    expect(trial.issuer.requests).toEqual([metadataPath, '/jwks']);
  });

  it('are fetched anew when their lifetime is over, and a removed key stops working then', async () => {
    const keys = trial.source();
    expect(await outcome(keys)).toBe('found');
    trial.issuer.removeKey('first');
    trial.now += 299;
    expect(await outcome(keys)).toBe('found');
    trial.now += 1;
    expect(await outcome(keys)).toBe('key_unknown');
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

describe('A flood of unknown kids', () => {
  it('causes one fetch in a cool-down, however many come and whether together or in turn', async () => {
    const keys = trial.source();
    await outcome(keys);
    const together = await Promise.all(Array.from({ length: 500 }, (_, n) => outcome(keys, `together-${n}`)));
    expect(new Set(together)).toEqual(new Set(['key_unknown']));
    for (let n = 0; n < 500; n++) expect(await outcome(keys, `in-turn-${n}`)).toBe('key_unknown');
    expect(trial.issuer.jwksFetches).toBe(2);
    trial.now += 30;
    await outcome(keys, 'after-the-cool-down');
    await outcome(keys, 'and-another');
    expect(trial.issuer.jwksFetches).toBe(3);
  });

  it('does not make known keys wait, even while the refetch hangs', async () => {
    const keys = trial.source();
    await outcome(keys);
    let answer = (): void => undefined;
    trial.issuer.faults.set('/jwks', (response) => (answer = () => response.end(JSON.stringify({ keys: [] }))));
    const unknown = outcome(keys, 'unknown');
    expect(await outcome(keys)).toBe('found');
    while (trial.issuer.jwksFetches < 2) await new Promise((resolve) => setImmediate(resolve));
    answer();
    expect(await unknown).toBe('key_unknown');
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
    await outcome(keys);
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
    await expect(trial.source().keyFor({ alg: 'ES256', kid: 'first' })).rejects.toMatchObject({ retryAfter: 1 });
  });
});
