import { exportJWK, generateKeyPair } from 'jose';
import { FixedKeySource } from './fixed-key-source.js';
import { keyAtOnce, outcome } from './key-source-trial.spec.fixture.js';

async function keySet(): Promise<unknown> {
  const { publicKey } = await generateKeyPair('ES256', { extractable: true });
  return {
    keys: [
      { ...(await exportJWK(publicKey)), kid: 'first' },
      { kty: 'EC', crv: 'P-256', kid: 'broken' },
    ],
  };
}

describe('Keys that are configured', () => {
  it('are found, and stay', async () => {
    const keys = new FixedKeySource(await keySet());
    const key = await keys.keyFor({ alg: 'ES256', kid: 'first' });
    expect(keyAtOnce(keys)).toBe(key);
    expect(keys.holds(key)).toBe(true);
    expect(await outcome(keys, 'second')).toBe('key_unknown');
    expect(await outcome(keys, 'broken')).toBe('key_unusable');
  });

  it('are at hand at once after a prefetch', async () => {
    const keys = new FixedKeySource(await keySet());
    await keys.prefetch();
    keyAtOnce(keys);
    expect(keys.status()).toEqual({ usable: true, keyIds: ['first'] });
  });

  it('are down where none of them can check a signature', async () => {
    const keys = new FixedKeySource({ keys: [{ kty: 'EC', crv: 'P-256', kid: 'broken' }] });
    await keys.prefetch();
    expect(keys.status()).toEqual({ usable: false, keyIds: [], failure: expect.stringContaining('None') });
  });

  it('do not hold the key of another source', async () => {
    const [one, other] = [new FixedKeySource(await keySet()), new FixedKeySource(await keySet())];
    const key = await one.keyFor({ alg: 'ES256', kid: 'first' });
    expect(other.holds(key)).toBe(false);
    await other.prefetch();
    expect(other.holds(key)).toBe(false);
  });

  it.each([undefined, {}, [], { keys: {} }, { keys: ['key'] }])('%j is refused when the guard is made', (document) => {
    expect(() => new FixedKeySource(document)).toThrow('not a key set');
  });
});
