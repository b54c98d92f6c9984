import { LoopbackIssuer } from '../loopback-issuer.spec.fixture.js';
import { GuardSettings } from '../options/guard-settings.js';
import type { JwtGuardOptions } from '../options/jwt-guard.options.js';
import { AccessTokenError } from '../token/access-token.error.js';
import { IssuerKeySource } from './issuer-key-source.js';

const metadataPath = '/.well-known/openid-configuration';
let issuer: LoopbackIssuer;
let now: number;
let failures: string[];

beforeEach(async () => {
  issuer = await LoopbackIssuer.start();
  now = 1_000_000;
  failures = [];
});
afterEach(() => issuer.close());

function source(options: Partial<JwtGuardOptions> = {}): IssuerKeySource {
  const settings = new GuardSettings({ issuer: issuer.url, audience: 'api1', clock: () => now * 1000, ...options });
  return new IssuerKeySource(settings, (error) => failures.push(error.message));
}

async function outcome(keys: IssuerKeySource, kid = 'first'): Promise<string> {
  try {
    await keys.keyFor({ alg: 'ES256', kid });
    return 'found';
  } catch (error) {
    if (error instanceof AccessTokenError) return error.code;
    throw error;
  }
}

describe('The keys of an issuer', () => {
  it('are fetched when first needed, once for everybody who waits, and then kept', async () => {
    const keys = source();
    expect(issuer.requests).toEqual([]);
    await Promise.all(Array.from({ length: 50 }, () => keys.keyFor({ alg: 'ES256', kid: 'first' })));
    now += 299;
    expect(await outcome(keys)).toBe('found');
    expect(issuer.requests).toEqual([metadataPath, '/jwks']);
  });

  it('are fetched anew when their lifetime is over, and a removed key stops working then', async () => {
    const keys = source();
    expect(await outcome(keys)).toBe('found');
    issuer.removeKey('first');
    now += 299;
    expect(await outcome(keys)).toBe('found');
    now += 1;
    expect(await outcome(keys)).toBe('key_unknown');
  });

  it('are fetched from a configured jwksUri without discovery', async () => {
    expect(await outcome(source({ jwksUri: `${issuer.url}/jwks` }))).toBe('found');
    expect(issuer.requests).toEqual(['/jwks']);
  });

  it('may move: the metadata are read again when the keys have grown old', async () => {
    const keys = source();
    await outcome(keys);
    issuer.metadata = { jwks_uri: `${issuer.url}/moved` };
    issuer.faults.set('/moved', (response) => response.end(JSON.stringify({ keys: [] })));
    now += 300;
    expect(await outcome(keys)).toBe('key_unknown');
    expect(issuer.requests).toContain('/moved');
  });

  it('a new key is found at once by one refetch', async () => {
    const keys = source();
    await outcome(keys);
    await issuer.addKey('second');
    expect(await outcome(keys, 'second')).toBe('found');
    expect(issuer.jwksFetches).toBe(2);
  });

  it('one malformed key in the set does not spoil the others', async () => {
    issuer.published.set('broken', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'broken', alg: 'ES256' });
    const keys = source();
    expect(await outcome(keys)).toBe('found');
    expect(await outcome(keys, 'broken')).toBe('key_unusable');
  });
});

describe('A flood of unknown kids', () => {
  it('causes one fetch in a cool-down, however many come and whether together or in turn', async () => {
    const keys = source();
    await outcome(keys);
    const together = await Promise.all(Array.from({ length: 500 }, (_, n) => outcome(keys, `together-${n}`)));
    expect(new Set(together)).toEqual(new Set(['key_unknown']));
    for (let n = 0; n < 500; n++) expect(await outcome(keys, `in-turn-${n}`)).toBe('key_unknown');
    expect(issuer.jwksFetches).toBe(2);
    now += 30;
    await outcome(keys, 'after-the-cool-down');
    await outcome(keys, 'and-another');
    expect(issuer.jwksFetches).toBe(3);
  });

  it('does not make known keys wait, even while the refetch hangs', async () => {
    const keys = source();
    await outcome(keys);
    let answer = (): void => undefined;
    issuer.faults.set('/jwks', (response) => (answer = () => response.end(JSON.stringify({ keys: [] }))));
    const unknown = outcome(keys, 'unknown');
    expect(await outcome(keys)).toBe('found');
    while (issuer.jwksFetches < 2) await new Promise((resolve) => setImmediate(resolve));
    answer();
    expect(await unknown).toBe('key_unknown');
  });

  it('costs a cold start one fetch and not two', async () => {
    expect(await outcome(source(), 'unknown')).toBe('key_unknown');
    expect(issuer.jwksFetches).toBe(1);
  });
});

describe('An issuer that is away', () => {
  it('without any keys known: unavailable, tried again after a second at the soonest', async () => {
    await issuer.close();
    const keys = source();
    const tries = await Promise.all(Array.from({ length: 20 }, () => outcome(keys)));
    expect(new Set(tries)).toEqual(new Set(['issuer_unavailable']));
    expect(await outcome(keys)).toBe('issuer_unavailable');
    expect(failures).toHaveLength(1);
    await issuer.open();
    now += 1;
    expect(await outcome(keys)).toBe('found');
  });

  it('may start later: a prefetch that failed delays nothing', async () => {
    await issuer.close();
    const keys = source();
    await keys.prefetch();
    expect(failures).toEqual([expect.stringContaining('ECONNREFUSED')]);
    await issuer.open();
    expect(await outcome(keys)).toBe('found');
  });

  it('the last known keys serve on, within a bound', async () => {
    const keys = source({ staleLifetime: 600 });
    await outcome(keys);
    await issuer.close();
    now += 899;
    expect(await outcome(keys)).toBe('found');
    now += 1;
    expect(await outcome(keys)).toBe('issuer_unavailable');
  });

  it('is asked once in a cool-down while the last known keys serve', async () => {
    const keys = source();
    await outcome(keys);
    await issuer.close();
    now += 300;
    for (let n = 0; n < 10; n++) expect(await outcome(keys)).toBe('found');
    expect(failures).toHaveLength(1);
    now += 30;
    await outcome(keys);
    expect(failures).toHaveLength(2);
  });

  it('leaves an unknown kid unjudged: unavailable, not unknown', async () => {
    const keys = source();
    await outcome(keys);
    await issuer.close();
    expect(await outcome(keys, 'second')).toBe('issuer_unavailable');
    expect(await outcome(keys, 'third')).toBe('issuer_unavailable');
    expect(await outcome(keys)).toBe('found');
  });

  it('says after how many seconds to try again', async () => {
    await issuer.close();
    await expect(source().keyFor({ alg: 'ES256', kid: 'first' })).rejects.toMatchObject({ retryAfter: 1 });
  });
});
