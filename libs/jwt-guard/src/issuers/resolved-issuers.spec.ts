import { jest } from '@jest/globals';
import { LoopbackIssuer } from '../loopback-issuer.spec.fixture.js';
import type { TrustedIssuerOptions } from '../options/jwt-guard.options.js';
import { judge, verifierFor } from '../token/verification.spec.fixture.js';

let tenants: LoopbackIssuer[];
beforeAll(
  async () => (tenants = await Promise.all([LoopbackIssuer.start(), LoopbackIssuer.start(), LoopbackIssuer.start()])),
);
afterAll(() => Promise.all(tenants.map((tenant) => tenant.close())));

/** A verifier whose resolver knows what stands in `known`, and everything that the resolver was asked. */
function tenantVerifier(known: Map<string, TrustedIssuerOptions>, options: object = {}) {
  const asked: string[] = [];
  const clock = { now: Date.now() };
  const verifier = verifierFor(tenants[0]!, {
    issuer: undefined,
    resolveIssuer: async (issuer: string) => {
      asked.push(issuer);
      return Promise.resolve(known.get(issuer));
    },
    clock: () => clock.now,
    ...options,
  });
  return { verifier, asked, clock };
}

const entry = (issuer: LoopbackIssuer, more: Partial<TrustedIssuerOptions> = {}): [string, TrustedIssuerOptions] => [
  issuer.url,
  { issuer: issuer.url, ...more },
];

describe('Several issuers', () => {
  it('of a list are each held against their own keys and audience', async () => {
    const [first, second, other] = tenants as [LoopbackIssuer, LoopbackIssuer, LoopbackIssuer];
    const issuers = [{ issuer: first.url }, { issuer: second.url, audience: 'api://second' }];
    const verifier = verifierFor(first, { issuer: undefined, issuers });
    expect(await judge(verifier, await first.token())).toBe('accepted');
    expect(await judge(verifier, await second.token({ aud: 'api://second' }))).toBe('accepted');
    expect(await judge(verifier, await second.token({ aud: 'api1' }))).toBe('audience_mismatch');
    expect(await judge(verifier, await first.token({ aud: 'api://second' }))).toBe('audience_mismatch');
    expect(await judge(verifier, await other.token())).toBe('issuer_mismatch');
  });

  it('one cannot sign for another, though both call their key the same', async () => {
    const [first, second] = tenants as [LoopbackIssuer, LoopbackIssuer];
    const verifier = verifierFor(first, {
      issuer: undefined,
      issuers: [{ issuer: first.url }, { issuer: second.url }],
    });
    expect(await judge(verifier, await first.token())).toBe('accepted');
    expect(await judge(verifier, await second.token({ iss: first.url }))).toBe('signature_invalid');
    expect(await judge(verifier, await second.token())).toBe('accepted');
    expect(await judge(verifier, await second.token({ iss: first.url }))).toBe('signature_invalid');
  });

  it('a cache of one guard never answers for another with other options', async () => {
    const [first] = tenants as [LoopbackIssuer];
    const token = await first.token({ aud: 'api1' });
    const [one, two] = [verifierFor(first), verifierFor(first, { audience: 'api2' })];
    for (let again = 0; again < 2; again++) {
      expect(await judge(one, token)).toBe('accepted');
      expect(await judge(two, token)).toBe('audience_mismatch');
    }
  });
});

describe('Issuers by a resolver', () => {
  it('are asked for once, and again when the answer has grown old', async () => {
    const { verifier, asked, clock } = tenantVerifier(new Map([entry(tenants[0]!)]));
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, n) => tenants[0]!.token({ jti: `${n}` })));
    await Promise.all(tokens.map((token) => verifier.verify(token)));
    clock.now += 299_000;
    await verifier.verify(tokens[0]!);
    expect(asked).toEqual([tenants[0]!.url]);
    clock.now += 1_000;
    await verifier.verify(tokens[0]!);
    expect(asked).toHaveLength(2);
  });

  it('that keep their options keep their keys', async () => {
    const { verifier, clock } = tenantVerifier(new Map([entry(tenants[1]!)]), { cacheLifetime: 3_600 });
    await verifier.verify(await tenants[1]!.token());
    const fetches = tenants[1]!.jwksFetches;
    clock.now += 301_000;
    await verifier.verify(await tenants[1]!.token());
    expect(tenants[1]!.jwksFetches).toBe(fetches);
  });

  it('a made-up issuer reaches the resolver once, causes no fetch, and is refused', async () => {
    const { verifier, asked } = tenantVerifier(new Map());
    const before = tenants[2]!.requests.length;
    for (let again = 0; again < 5; again++) {
      expect(await judge(verifier, await tenants[2]!.token())).toBe('issuer_mismatch');
    }
    expect(asked).toHaveLength(1);
    expect(tenants[2]!.requests).toHaveLength(before);
  });

  it('a tenant that is taken away is refused within the lifetime of the answer, also where its token was verified before', async () => {
    const known = new Map([entry(tenants[0]!)]);
    const { verifier, clock } = tenantVerifier(known);
    const token = await tenants[0]!.token();
    expect(await judge(verifier, token)).toBe('accepted');
    known.clear();
    expect(await judge(verifier, token)).toBe('accepted');
    clock.now += 300_000;
    expect(await judge(verifier, token)).toBe('issuer_mismatch');
  });

  it('a tenant whose options changed is held against the new ones, also where its token was verified before', async () => {
    const known = new Map([entry(tenants[0]!)]);
    const { verifier, clock } = tenantVerifier(known);
    const token = await tenants[0]!.token();
    expect(await judge(verifier, token)).toBe('accepted');
    known.set(...entry(tenants[0]!, { audience: 'another' }));
    clock.now += 300_000;
    expect(await judge(verifier, token)).toBe('audience_mismatch');
  });

  it('a flood of made-up issuers reaches the resolver a hundred at a time, and the others get 503', async () => {
    let answer!: () => void;
    const slow = new Promise<undefined>((resolve) => (answer = () => resolve(undefined)));
    const { verifier } = tenantVerifier(new Map(), { resolveIssuer: () => slow });
    const tokens = await Promise.all(
      Array.from({ length: 110 }, (_, n) => tenants[0]!.token({ iss: `https://${n}.example.com` })),
    );
    const outcomes = Promise.all(tokens.map((token) => judge(verifier, token)));
    answer();
    const codes = await outcomes;
    expect(codes.filter((code) => code === 'issuer_mismatch')).toHaveLength(100);
    expect(codes.filter((code) => code === 'issuer_unavailable')).toHaveLength(10);
  });

  it('a resolver that answers for another issuer than the one it was asked for, or with faulty options, lets nobody in', async () => {
    for (const [given, fault] of [
      [{ issuer: tenants[1]!.url }, 'it was asked for'],
      [{ issuer: tenants[0]!.url, audience: '' }, 'resolveIssuer().audience'],
    ] as const) {
      const { verifier } = tenantVerifier(new Map([[tenants[0]!.url, given]]));
      await expect(verifier.verify(await tenants[0]!.token())).rejects.toThrow(fault);
    }
  });

  it('a resolver that fails is no answer: 503, a pause of a second, and then another try', async () => {
    let failing = true;
    const asked: string[] = [];
    const { verifier, clock } = tenantVerifier(new Map(), {
      resolveIssuer: (issuer: string) => {
        asked.push(issuer);
        return failing ? Promise.reject(new Error('no database')) : Promise.resolve({ issuer });
      },
    });
    const token = await tenants[0]!.token();
    expect(await judge(verifier, token)).toBe('issuer_unavailable');
    expect(await judge(verifier, token)).toBe('issuer_unavailable');
    expect(asked).toHaveLength(1);
    failing = false;
    clock.now += 1_000;
    expect(await judge(verifier, token)).toBe('accepted');
  });

  it('a flood of made-up issuers keeps no tenant out whose answer has grown old', async () => {
    const known = new Map([entry(tenants[0]!)]);
    const never = new Promise<undefined>(() => undefined);
    const { verifier, clock } = tenantVerifier(known, {
      resolveIssuer: (issuer: string) => (known.has(issuer) ? Promise.resolve(known.get(issuer)) : never),
    });
    const token = await tenants[0]!.token();
    expect(await judge(verifier, token)).toBe('accepted');
    clock.now += 300_000;
    for (let n = 0; n < 150; n++) {
      void judge(verifier, await tenants[0]!.token({ iss: `https://${n}.example.com` })).catch(() => undefined);
    }
    expect(await judge(verifier, token)).toBe('accepted');
  });

  it('a resolver that never answers is given up', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    try {
      const { verifier } = tenantVerifier(new Map(), { resolveIssuer: () => new Promise(() => undefined) });
      const outcome = judge(verifier, await tenants[0]!.token());
      await jest.advanceTimersByTimeAsync(5_000);
      expect(await outcome).toBe('issuer_unavailable');
    } finally {
      jest.useRealTimers();
    }
  });

  it('that resolves to introspection is refused: a reference token does not say whose it is', async () => {
    const introspection = { clientId: 'api1', clientSecret: 'secret' };
    const { verifier } = tenantVerifier(new Map([entry(tenants[0]!, { introspection })]));
    await expect(verifier.verify(await tenants[0]!.token())).rejects.toThrow('introspection');
  });
});
