import { writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { temporaryFile } from '../temporary-folder.fixture.js';
import { loadSettings, SettingsError } from './settings.js';

const secret = 'hunter2-p4Xq';

const sound = () => ({
  issuer: 'https://id.example.com',
  signingAlgorithms: ['RS256'],
  endpoints: { userinfo: false },
  identityResources: ['openid', { name: 'staff', userClaims: ['desk'], properties: { a: 'b' } }],
  apiScopes: [{ name: 'orders.read', displayName: 'Read', userClaims: ['desk'] }],
  apiResources: [
    { name: 'orders', scopes: ['orders.read'], apiSecrets: [{ plain: secret, expiration: 1_900_000_000 }] },
  ],
  clients: [
    {
      clientId: 'shop',
      allowedGrantTypes: ['client_credentials'],
      clientSecrets: [{ plain: secret, description: 'x', expiration: '2030-01-01' }],
      allowedScopes: ['orders.read'],
      redirectUris: ['https://shop.example/cb'],
      claims: [{ type: 'tier', value: 1 }],
      accessTokenLifetime: 60,
      allowedIdentityTokenSigningAlgorithms: ['RS256'],
    },
  ],
  // Without a password: hashing one thousand times is another matter.
  users: [{ subject: '1', username: 'carol', claims: { desk: 5 } }],
});

const strange: readonly unknown[] = [
  null, true, 0, -1.5, 1e308, '', 'x', 'client_credentials', '\u0000🙂', 'x'.repeat(5000),
  [], [null], [[[]]], ['x', 5, null, {}], {}, { '': null }, { length: 1 }, { toString: 1 }, { constructor: null },
  { prototype: {} }, { name: {} }, { type: [] }, { plain: [] }, { env: '' }, { file: '\u0000' }, { sha256: {} },
  JSON.parse('{ "__proto__": { "x": 1 } }'), JSON.parse('{ "hasOwnProperty": 1, "map": 2, "length": -1, "then": 3 }'),
]; // prettier-ignore

/** Every place of a value: the way to it. */
function places(value: unknown, way: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [way];
  return [way, ...Object.entries(value).flatMap(([key, part]) => places(part, [...way, key]))];
}

function put(target: unknown, way: readonly (string | number)[], value: unknown): unknown {
  const [key, ...rest] = way;
  if (key === undefined) return value;
  const copy: unknown = Array.isArray(target) ? [...target] : typeof target === 'object' ? { ...target } : {};
  const entries = copy as Record<string, unknown>;
  entries[key] = put(entries[key], rest, value);
  return copy;
}

/** The same numbers in every run. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state;
  }
}

const file = temporaryFile('', 'sts.json');

async function outcome(content: unknown, variables: Record<string, string> = {}): Promise<readonly string[]> {
  try {
    writeFileSync(file, JSON.stringify(content));
    await loadSettings({ STS_CONFIG: file, ...variables });
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.lines;
    throw new Error(`${JSON.stringify(content).slice(0, 2000)}\n${String((error as Error).stack)}`, { cause: error });
  }
}

describe('Whatever stands in the file', () => {
  it('the file these specs start from is sound', async () => {
    expect(await outcome(sound())).toEqual([]);
  });

  it('a strange value at any place is taken or told, and never breaks the check or shows a secret', async () => {
    const stores = { STS_DATABASE_URL: 'memory:' };
    const production = { NODE_ENV: 'production', STS_TLS: 'off', STS_TRUST_PROXY: 'loopback', ...stores };
    for (const [number, way] of places(sound()).entries()) {
      // Half of them, the other half at the next place.
      for (const value of strange.filter((_value, index) => index % 2 === number % 2)) {
        const lines = await outcome(put(sound(), way, value), production);
        expect(lines.join('\n')).not.toContain(secret);
        for (const line of lines) expect(line).toMatch(/sts\.json:\d+:\d+ \S.*: \S/);
      }
    }
  });

  it('several at once neither', async () => {
    const all = places(sound());
    const random = numbers(7);
    const pick = <T>(items: readonly T[]): T => items[random.next().value % items.length]!;
    for (let round = 0; round < 200; round++) {
      let content: unknown = sound();
      for (let change = 0; change < 4; change++) {
        const way = pick(all);
        content = put(content, way.slice(0, 1 + (random.next().value % way.length || 0)), pick(strange));
      }
      expect((await outcome(content)).join('\n')).not.toContain(secret);
    }
  });

  it('an unknown key at any place is a fault', async () => {
    for (const way of places(sound())) {
      const target = way.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], sound());
      const isMap = ['claims', 'properties', 'value'].includes(String(way.at(-1)));
      if (typeof target !== 'object' || Array.isArray(target) || (isMap && way.length > 1)) continue;
      expect(await outcome(put(sound(), [...way, 'unheardOf'], secret))).toEqual([
        expect.stringMatching(/unheardOf: is not [^]*$/),
      ]);
    }
  });
});
