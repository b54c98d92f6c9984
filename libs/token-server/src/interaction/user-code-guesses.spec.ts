import { beforeEach, describe, expect, it } from '@jest/globals';
import { TooManyAttemptsError } from '@tessera/grant-types';
import { type Admission, attemptKey, type DelayRule, InMemorySignInAttempts } from '@tessera/resource-model';
import { FakeClock } from '../running-server.spec.fixture.js';
import { UserCodeGuesses } from './user-code-guesses.js';

/** Remembers under which keys it counted. */
class WatchedAttempts extends InMemorySignInAttempts {
  readonly keys: string[] = [];

  override enter(key: string, rule: DelayRule): Promise<Admission> {
    this.keys.push(key);
    return super.enter(key, rule);
  }
}

let clock: FakeClock;
let attempts: WatchedAttempts;
let guesses: UserCodeGuesses;
beforeEach(() => {
  clock = new FakeClock();
  attempts = new WatchedAttempts(clock);
  guesses = new UserCodeGuesses(attempts);
});

const wrong = (address = 'a', subject?: string) => guesses.attempt({ address, subject }, async () => undefined);
const right = (address = 'a', subject?: string) => guesses.attempt({ address, subject }, async () => 'device');
const times = async (count: number, act: () => Promise<unknown>) => {
  for (let i = 0; i < count; i++) await act();
};
const waitOf = async (attempt: Promise<unknown>) =>
  attempt.then(
    () => 0,
    (error: TooManyAttemptsError) => error.retryAfter,
  );

describe('Guessing user codes (RFC 8628 §5.1)', () => {
  it('is free five times from one address; then each takes twice as long as the one before', async () => {
    await times(5, wrong);
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      expect(await waitOf(wrong())).toBe(seconds);
      clock.advance(seconds);
      expect(await waitOf(wrong())).toBe(0);
    }
  });

  it('that is refused is not looked at, and makes the wait no longer', async () => {
    await times(5, wrong);
    await times(9, () => waitOf(right()));
    expect(await waitOf(right())).toBe(1);
    clock.advance(1);
    expect(await right()).toBe('device');
  });

  it('is forgotten ten minutes after the first', async () => {
    await times(5, wrong);
    clock.advance(599);
    await wrong();
    expect(await waitOf(wrong())).toBe(2);
    clock.advance(1);
    expect(await waitOf(wrong())).toBe(0);
  });

  it('does not start anew with a right one in between', async () => {
    await times(4, wrong);
    await times(9, right);
    await wrong();
    expect(await waitOf(right())).toBe(1);
  });

  it('at once from one address is let in five times of twenty', async () => {
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => wrong()));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  it('at once through several servers that share their stores is let in as often as through one', async () => {
    const servers = [guesses, new UserCodeGuesses(attempts), new UserCodeGuesses(attempts)];
    const all = await Promise.allSettled(
      Array.from({ length: 30 }, (_, i) => servers[i % 3]!.attempt({ address: 'a' }, async () => undefined)),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  it('that could not be looked at does not count', async () => {
    const failing = () =>
      guesses.attempt({ address: 'a' }, async () => {
        throw new Error('The database is away.');
      });
    await times(9, () => expect(failing()).rejects.toThrow('The database is away.'));
    await times(5, wrong);
    expect(await waitOf(wrong())).toBe(1);
  });

  it('is counted under keys in which no address and no account can be read, and which no password shares', async () => {
    await wrong('192.0.2.1', 'alice');
    const { keys } = attempts;
    expect(keys).toHaveLength(3);
    for (const key of keys) expect(key).toMatch(/^[\w-]{22}$/);
    expect(keys).not.toContain(attemptKey('address', '192.0.2.1'));
    expect(keys).not.toContain(attemptKey('account', 'alice'));
  });

  it('that is refused makes the store write nothing', async () => {
    await times(5, () => wrong('a', 'mallory'));
    const { length } = attempts.keys;
    await times(9, () => waitOf(wrong('a', 'mallory')));
    expect(attempts.keys).toHaveLength(length);
  });

  it('from many addresses is let in once a second after 500, and no one waits longer than that', async () => {
    for (let i = 0; i < 500; i++) await wrong(`address ${i}`);
    expect(await waitOf(wrong('one more'))).toBe(1);
    clock.advance(1);
    expect(await waitOf(wrong('one more'))).toBe(0);
    expect(await waitOf(right('yet another'))).toBe(1);
    clock.advance(1);
    expect(await right('yet another')).toBe('device');
  });

  it('from one address holds up no other', async () => {
    await times(5, wrong);
    expect(await right('b')).toBe('device');
  });

  it('from all over one IPv6 network counts as from one address', async () => {
    for (let i = 0; i < 5; i++) await wrong(`2001:db8:0:1::${i}`);
    expect(await waitOf(wrong('2001:db8:0:1:ffff::7'))).toBe(1);
    expect(await waitOf(wrong('2001:db8:0:2::7'))).toBe(0);
  });

  it('by one account counts together, wherever it comes from, and holds up no other account', async () => {
    for (let i = 0; i < 5; i++) await wrong(`address ${i}`, 'mallory');
    expect(await waitOf(wrong('one more', 'mallory'))).toBe(1);
    expect(await waitOf(right('one more', 'alice'))).toBe(0);
  });

  it('that is refused to the account costs the address nothing', async () => {
    for (let i = 0; i < 5; i++) await wrong(`address ${i}`, 'mallory');
    await times(9, () => waitOf(wrong('b', 'mallory')));
    await times(5, () => wrong('b', 'alice'));
    expect(await waitOf(wrong('b', 'bob'))).toBe(1);
  });

  describe('by many together', () => {
    const spend = async () => {
      for (let i = 0; i < 500; i++) await wrong(`address ${i}`, `guesser ${i}`);
    };

    it('does not shut the page for people who have guessed nothing', async () => {
      await spend();
      for (let second = 0; second < 60; second++) {
        await waitOf(wrong(`address ${second}`, `guesser ${second}`));
        expect(await waitOf(right('home', 'alice'))).toBe(0);
        clock.advance(1);
      }
    });

    it('holds up whoever guesses along, from the first wrong one on', async () => {
      await spend();
      expect(await waitOf(wrong('home', 'alice'))).toBe(0);
      expect(await waitOf(wrong('home', 'bob'))).toBe(1);
      expect(await waitOf(wrong('elsewhere', 'alice'))).toBe(1);
      expect(await waitOf(right('elsewhere', 'bob'))).toBe(0);
    });

    it('counts of those who begin at once under one account only the first as new', async () => {
      await spend();
      const all = await Promise.allSettled(
        Array.from({ length: 20 }, (_, i) =>
          guesses.attempt({ address: `home ${i}`, subject: 'alice' }, async () => undefined),
        ),
      );
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('gains no more than 1000 by using each account and network once; then one a second', async () => {
      await spend();
      for (let i = 0; i < 1000; i++) expect(await waitOf(wrong(`network ${i}`, `account ${i}`))).toBe(0);
      expect(await waitOf(wrong('network 1000', 'account 1000'))).toBe(1);
      clock.advance(1);
      expect(await waitOf(right('network 1000', 'account 1000'))).toBe(0);
    });
  });
});
