import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TooManyAttemptsError } from '@tessera/grant-types';
import { OAuthError } from '@tessera/protocol';
import { Client, InMemorySignInAttempts, SystemClock } from '@tessera/resource-model';
import type { SignInSource } from './sign-in-source.js';
import { SignInThrottle } from './sign-in-throttle.js';

beforeAll(() => void jest.useFakeTimers());
afterAll(() => void jest.useRealTimers());

let attempts: InMemorySignInAttempts;
let throttle: SignInThrottle;
let looked: number;
beforeEach(() => {
  attempts = new InMemorySignInAttempts(new SystemClock());
  throttle = new SignInThrottle(attempts);
  looked = 0;
});

const home = '192.0.2.1';
const laptop = { device: 'laptop', isKnownDevice: true };
/** Another address for each number. */
const elsewhere = (i: number) => `198.51.${i >> 8}.${i & 255}`;

/** One try from home; `undefined` of the source: it is left out. The outcome: `right`, `wrong` or the seconds to wait. */
async function attempt(password: 'right' | 'wrong', source: Partial<SignInSource> = {}): Promise<string | number> {
  try {
    const found = await throttle.attempt(
      { username: 'alice', address: home, isKnownDevice: false, ...source },
      async () => {
        looked++;
        await Promise.resolve();
        return password === 'right' ? 'alice' : undefined;
      },
    );
    return found === undefined ? 'wrong' : 'right';
  } catch (error) {
    if (error instanceof TooManyAttemptsError) return error.retryAfter;
    throw error;
  }
}

const wrong = (source?: Partial<SignInSource>) => attempt('wrong', source);
const right = (source?: Partial<SignInSource>) => attempt('right', source);
const pass = (seconds: number) => jest.advanceTimersByTime(seconds * 1000);

async function times(n: number, work: (i: number) => Promise<string | number>): Promise<(string | number)[]> {
  const outcomes = [];
  for (let i = 0; i < n; i++) outcomes.push(await work(i));
  return outcomes;
}

/** Tries until something is to wait for, and waits; tells what the waits were. */
async function waits(n: number, source?: Partial<SignInSource>): Promise<number[]> {
  const found: number[] = [];
  while (found.length < n) {
    const outcome = await wrong(source);
    if (typeof outcome !== 'number') continue;
    found.push(outcome);
    pass(outcome);
  }
  return found;
}

describe('Wrong passwords for one account from one address', () => {
  it('cost nothing five times, then one second, and each time twice as long, up to fifteen minutes', async () => {
    expect(await times(5, () => wrong())).toEqual(Array.from({ length: 5 }, () => 'wrong'));
    expect(await waits(12)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
    expect(looked).toBe(5 + 11);
  });

  it('are refused with the time that is left, also the right one among them, and without being looked at', async () => {
    await waits(3);
    await wrong();
    expect(looked).toBe(8);
    expect(await right()).toBe(8);
    pass(6.5);
    expect(await times(30, () => right())).toEqual(Array.from({ length: 30 }, () => 2));
    pass(1.5);
    expect(looked).toBe(8);
    expect(await right()).toBe('right');
  });

  it('count no more for tries that came too soon', async () => {
    await waits(2);
    await wrong();
    await times(50, () => wrong());
    pass(4);
    await wrong();
    expect(await wrong()).toBe(8);
  });

  it('are forgotten after a day', async () => {
    await times(4, () => wrong());
    pass(86_400);
    expect(await times(5, () => wrong())).not.toContain(1);
  });

  it('are all one, however the user name is written', async () => {
    const names = ['alice', 'ALICE', ' Alice ', 'ａｌｉｃｅ', 'aLICE', 'alice'];
    expect(await times(6, (i) => wrong({ username: names[i] }))).toEqual([
      'wrong',
      'wrong',
      'wrong',
      'wrong',
      'wrong',
      1,
    ]);
  });

  it('do not delay other people there, nor the same person elsewhere', async () => {
    await waits(9);
    await wrong();
    expect(await right()).toBe(512);
    expect(await right({ username: 'bob' })).toBe('right');
    expect(await right({ address: elsewhere(1) })).toBe('right');
  });

  it('are one origin where addresses share the first 64 bits, and where one IPv4 address is written in two ways', async () => {
    await times(5, (i) => wrong({ address: `2001:db8:0:1::${i}` }));
    expect(await wrong({ address: '2001:db8:0:1:ffff::1' })).toBe(1);
    expect(await wrong({ address: '2001:db8:0:2::1' })).toBe('wrong');
    await times(5, () => wrong());
    expect(await wrong({ address: `::ffff:${home}` })).toBe(1);
  });
});

describe('Twenty tries at once', () => {
  const twenty = (work: (i: number) => Promise<string | number>) =>
    Promise.all(Array.from({ length: 20 }, (_, i) => work(i)));

  it('count each: no more than the free ones are looked at, then one for each delay', async () => {
    const outcomes = await twenty(() => wrong());
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome === 1)).toHaveLength(15);
    for (const delay of [1, 2, 4]) {
      pass(delay);
      expect((await twenty(() => wrong())).filter((outcome) => outcome === 'wrong')).toHaveLength(1);
    }
    expect(looked).toBe(8);
    expect(await wrong()).toBe(8);
  });

  it('from twenty addresses at once count each as well, for the account', async () => {
    await times(90, (i) => wrong({ address: elsewhere(i) }));
    const outcomes = await twenty((i) => wrong({ address: elsewhere(100 + i) }));
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(10);
    expect(looked).toBe(100);
  });

  it('of which one goes on cost the others nothing', async () => {
    await times(6, async (i) => {
      if (i === 5) pass(1);
      return wrong();
    });
    await times(94, (i) => wrong({ address: elsewhere(i) }));
    pass(2);
    expect(await Promise.all([wrong({ address: elsewhere(500) }), wrong()])).toEqual(['wrong', 2]);
    pass(2);
    expect(await times(2, () => wrong())).toEqual(['wrong', 4]);
  });

  it('all succeed where all are right', async () => {
    expect(await twenty(() => right())).toEqual(Array.from({ length: 20 }, () => 'right'));
  });

  it('wait in a line that has an end', async () => {
    const tries = Array.from({ length: 100 }, () => right());
    const outcomes = await Promise.allSettled(tries);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(36);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(OAuthError);
    expect(await right()).toBe('right');
  });
});

describe('A person whose account somebody else hammers', () => {
  it('is not delayed on a device that is known for the account, be the attacker at the same address or at many', async () => {
    await waits(9);
    await wrong();
    await times(130, (i) => wrong({ address: elsewhere(i) }));
    expect(await right()).toBe(512);
    expect(await times(4, () => wrong(laptop))).toEqual(['wrong', 'wrong', 'wrong', 'wrong']);
    expect(await right(laptop)).toBe('right');
  });

  it('is let in on a new device after moments', async () => {
    await times(300, async (i) => {
      pass(1);
      return wrong({ address: elsewhere(i) });
    });
    const wait = await right({ address: '203.0.113.1' });
    expect(wait).toBeLessThanOrEqual(3);
    pass(wait as number);
    expect(await right({ address: '203.0.113.1' })).toBe('right');
  });

  it('gives that device no way to try passwords without end', async () => {
    expect(await waits(4, laptop)).toEqual([1, 2, 4, 8]);
    expect(await right()).toBe('right');
  });

  it('is delayed for no more than half a minute through a client that does not tell addresses', async () => {
    const client = new Client({ clientId: 'app', allowedGrantTypes: ['password'] });
    expect(await waits(7, { address: undefined, client })).toEqual([1, 2, 4, 8, 16, 30, 30]);
    const other = new Client({ clientId: 'other', allowedGrantTypes: ['password'] });
    await wrong({ address: undefined, client });
    expect(await right({ address: undefined, client })).toBe(30);
    expect(await right({ address: undefined, client: other })).toBe('right');
    expect(await right({ client })).toBe('right');
  });
});

describe('An account that is tried from everywhere', () => {
  const fromAnywhere = () => {
    let i = 0;
    return () => wrong({ address: elsewhere(i++) });
  };

  it('takes a hundred failures in an hour, and then one try in three seconds', async () => {
    const tryOn = fromAnywhere();
    expect(await times(100, tryOn)).not.toContain(1);
    expect(await tryOn()).toBe(1);
    looked = 0;
    for (let second = 0; second < 300; second++) {
      pass(1);
      await times(5, tryOn);
    }
    expect(looked).toBeGreaterThanOrEqual(99);
    expect(looked).toBeLessThanOrEqual(102);
  });

  it('does not slow other accounts down', async () => {
    await times(101, fromAnywhere());
    expect(await right({ username: 'bob', address: elsewhere(1000) })).toBe('right');
  });
});

describe('Wrong passwords for many accounts from one address', () => {
  const spray = (n: number, from = 0) => times(n, (i) => wrong({ username: `person ${from + i}` }));

  it('are slowed down after fifty, for every account, up to a minute', async () => {
    expect(await spray(50)).not.toContain(1);
    const found: (string | number)[] = [];
    for (let i = 50; found.length < 8; i++) {
      const [outcome] = await spray(1, i);
      if (typeof outcome === 'number') pass(Number(found[found.push(outcome) - 1]));
    }
    expect(found).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('take no memory once they are refused', async () => {
    await spray(50);
    const { size } = attempts;
    expect(new Set(await spray(200, 100))).toEqual(new Set([1]));
    expect(attempts.size).toBe(size);
  });

  it('leave other addresses alone, and people on their known devices there', async () => {
    await spray(60);
    expect(await right()).toBe(1);
    expect(await right({ address: elsewhere(1) })).toBe('right');
    expect(await right(laptop)).toBe('right');
  });

  it('are forgotten after a quarter of an hour', async () => {
    await spray(49);
    pass(900);
    expect(await spray(49, 100)).not.toContain(1);
  });
});

describe('A right password', () => {
  it('clears its account at its address', async () => {
    await waits(5);
    expect(await right()).toBe('right');
    expect(await times(5, () => wrong())).not.toContain(1);
    expect(await wrong()).toBe(1);
  });

  it('clears neither the same account elsewhere nor another account there', async () => {
    await times(4, () => wrong({ address: elsewhere(1) }));
    await times(4, () => wrong({ username: 'bob' }));
    await right();
    expect(await times(2, () => wrong({ address: elsewhere(1) }))).toEqual(['wrong', 1]);
    expect(await times(2, () => wrong({ username: 'bob' }))).toEqual(['wrong', 1]);
  });

  it('for an account of their own gives an attacker no more tries of others from that address', async () => {
    const outcomes = await times(60, async (i) => {
      await right({ username: 'mallory' });
      return wrong({ username: `person ${i}` });
    });
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(50);
    expect(await right({ username: 'mallory' })).toBe(1);
    pass(1);
    expect(await right({ username: 'mallory' })).toBe('right');
    expect(await times(2, (i) => wrong({ username: `new person ${i}` }))).toEqual(['wrong', 2]);
  });

  it('does not end a wait that others have brought on while it was looked at', async () => {
    let tell!: (found: string) => void;
    const answer = new Promise<string>((resolve) => (tell = resolve));
    const slow = throttle.attempt({ username: 'alice', address: home, isKnownDevice: false }, () => answer);
    await times(49, (i) => wrong({ username: `person ${i}` }));
    tell('alice');
    expect(await slow).toBe('alice');
    expect(await wrong({ username: 'bob' })).toBe(1);
  });

  it('counts for nothing: an office signs in through one address all day', async () => {
    const outcomes = await times(500, (i) => right({ username: `person ${i}` }));
    expect(new Set(outcomes)).toEqual(new Set(['right']));
  });

  it('does not give those who try the account elsewhere more tries', async () => {
    await times(99, (i) => wrong({ address: elsewhere(i) }));
    await right();
    expect(await times(2, (i) => wrong({ address: elsewhere(200 + i) }))).toEqual(['wrong', 1]);
  });
});

describe('A try that could not be looked at', () => {
  it('does not count', async () => {
    const failing = () =>
      throttle.attempt({ username: 'alice', address: home, isKnownDevice: false }, async () => {
        throw new Error('The database is away.');
      });
    for (let i = 0; i < 60; i++) await expect(failing()).rejects.toThrow('The database is away.');
    expect(await right()).toBe('right');
  });

  it('is told the same words for whatever it was counted by, and the log which it was', async () => {
    const refusal = (source: Partial<SignInSource>) =>
      throttle
        .attempt({ username: 'alice', address: home, isKnownDevice: false, ...source }, async () => 'alice')
        .then(
          () => undefined,
          (error: TooManyAttemptsError) => error,
        );
    await times(5, () => wrong());
    const byOrigin = await refusal({});
    await times(95, (i) => wrong({ address: elsewhere(i) }));
    const byAccount = await refusal({ address: elsewhere(1000) });
    await times(45, (i) => wrong({ username: `person ${i}` }));
    const byAddress = await refusal({ username: 'bob' });
    const refusals = [byOrigin, byAccount, byAddress];
    expect(new Set(refusals.map((error) => error?.message))).toEqual(
      new Set(['Too many attempts to sign in: wait 1 second and try again.']),
    );
    expect(refusals.map((error) => error?.cause)).toEqual([
      'Too many wrong passwords, counted by account and origin.',
      'Too many wrong passwords, counted by account.',
      'Too many wrong passwords, counted by address.',
    ]);
  });
});
