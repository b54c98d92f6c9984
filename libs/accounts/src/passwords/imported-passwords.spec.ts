import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { InMemorySignInAttempts, InMemoryUserStore, SystemClock, User } from '@tessera/resource-model';
import { LocalPasswordValidator } from '../local-password.validator.js';
import { hashPassword, needsRehash } from '../password-hashing.js';
import { SignInThrottle } from '../throttle/sign-in-throttle.js';

const identity = 'AQAAAAIAAYagAAAAEAABAgMEBQYHCAkKCwwNDg8LJ1+nXP1HCEVtkGVQ8YRRub3RhgjMuQMQ6K7+XxmQVQ==';
const horse = 'correct horse';
const alice = (difference: Partial<User> = {}) =>
  new User({ subject: '1', username: 'alice', passwordHash: identity, ...difference });

/** Counts how often a hash is replaced, and with what success. */
class WatchedUserStore extends InMemoryUserStore {
  readonly outcomes: boolean[] = [];

  override async replacePasswordHash(subject: string, from: string, to: string): Promise<boolean> {
    const outcome = await super.replacePasswordHash(subject, from, to);
    this.outcomes.push(outcome);
    return outcome;
  }

  async hash(): Promise<string> {
    return (await this.findBySubject('1'))?.passwordHash ?? '';
  }
}

const clock = new SystemClock();
const create = (users: InMemoryUserStore) =>
  new LocalPasswordValidator(users, new SignInThrottle(new InMemorySignInAttempts(clock)), clock);

/** All that is logged, as one text. */
function logged(): () => string {
  const [warn, error] = [jest.spyOn(Logger.prototype, 'warn'), jest.spyOn(Logger.prototype, 'error')];
  for (const spy of [warn, error]) spy.mockImplementation(() => undefined);
  return () => [...warn.mock.calls, ...error.mock.calls].flat().map(String).join('\n');
}

afterEach(() => void jest.restoreAllMocks());

describe('Somebody who comes with a password hash', () => {
  it('signs in at once, and from then on has a hash of ours, written once', async () => {
    const users = new WatchedUserStore([alice()]);
    const validator = create(users);
    for (let i = 0; i < 3; i++) expect(await validator.validate('alice', horse)).toEqual({ subject: '1' });
    expect(users.outcomes).toEqual([true]);
    expect(needsRehash(await users.hash())).toBe(false);
    expect(await validator.validate('alice', 'wrong')).toBeUndefined();
  });

  it('keeps it while the password is wrong, or the account is disabled', async () => {
    const users = new WatchedUserStore([alice(), alice({ subject: '2', username: 'off', enabled: false })]);
    const validator = create(users);
    expect(await validator.validate('alice', 'wrong')).toBeUndefined();
    expect(await validator.validate('off', horse)).toBeUndefined();
    expect(users.outcomes).toEqual([]);
    expect((await users.findBySubject('2'))?.passwordHash).toBe(identity);
  });

  it('is let in twenty times at once, and one hash of ours is kept', async () => {
    const users = new WatchedUserStore([alice()]);
    const validator = create(users);
    const tries = Array.from({ length: 20 }, (_one, i) =>
      validator.validate('alice', horse, { address: `192.0.2.${i}` }),
    );
    for (const person of await Promise.all(tries)) expect(person).toEqual({ subject: '1' });
    expect(users.outcomes.length).toBeGreaterThan(1);
    expect(users.outcomes.filter(Boolean)).toHaveLength(1);
    expect(await validator.validate('alice', horse)).toEqual({ subject: '1' });
  });

  it('keeps the password that was set meanwhile', async () => {
    const changed = await hashPassword('new password');
    const users = new WatchedUserStore([alice()]);
    const found = await users.findByUsername('alice');
    jest.spyOn(users, 'findByUsername').mockImplementation(async () => {
      await users.replacePasswordHash('1', identity, changed);
      return found;
    });
    expect(await create(users).validate('alice', horse)).toEqual({ subject: '1' });
    expect(users.outcomes).toEqual([true, false]);
    expect(await users.hash()).toBe(changed);
  });

  it('signs in where the store fails to keep the new hash, which the log says without a secret', async () => {
    const users = new WatchedUserStore([alice()]);
    const text = logged();
    jest.spyOn(users, 'replacePasswordHash').mockImplementation(async (_subject, from, to) => {
      throw new TypeError(`UPDATE users SET password = '${to}' WHERE password = '${from}'`);
    });
    expect(await create(users).validate('alice', horse)).toEqual({ subject: '1' });
    expect(text()).toMatch(/password hash of the subject 1 was not renewed: the store failed with TypeError/);
    for (const secret of [identity, horse, 'argon2', 'UPDATE']) expect(text()).not.toContain(secret);
  });

  it('with a password that bcrypt cuts off keeps the hash: what follows was not looked at and may be mistyped', async () => {
    const passwordHash = '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui';
    const first72 = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
    const users = new WatchedUserStore([alice({ passwordHash })]);
    const validator = create(users);
    for (const typed of [`${first72}mistyped`, `${first72}chars after 72 are ignored`]) {
      expect(await validator.validate('alice', typed)).toEqual({ subject: '1' });
    }
    expect(users.outcomes).toEqual([]);
    expect(await validator.validate('alice', first72)).toEqual({ subject: '1' });
    expect(users.outcomes).toEqual([true]);
  });

  it('whose hash the store should never have let in is refused like for a wrong password, and nothing is computed', async () => {
    const absurd = '$2b$31$N9qo8uLOickgx2ZMRZoMye7hLCKuEIm4BcKHuoCJsBy/5Q0NErxWS';
    const text = logged();
    for (const [passwordHash, fault] of [
      [absurd, 'takes too much to check'],
      ['hunter2', 'must be a password hash'],
      [identity.slice(0, 70), 'is damaged or cut off'],
    ] as const) {
      const users = new WatchedUserStore([alice({ passwordHash })]);
      for (const typed of [horse, passwordHash]) expect(await create(users).validate('alice', typed)).toBeUndefined();
      expect(text()).toContain(`The person with the subject 1 cannot sign in: the passwordHash ${fault}`);
      expect(text()).not.toContain(passwordHash);
    }
  });

  it('is not told by a quick answer from somebody who does not exist, be the hash ever so cheap', async () => {
    const cheap = 'AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg==';
    const argon2 = '$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc';
    const validator = create(
      new InMemoryUserStore([
        alice({ passwordHash: cheap }),
        alice({ subject: '2', username: 'argon2', passwordHash: argon2 }),
      ]),
    );
    const samples: Record<string, number[]> = { alice: [], argon2: [], nobody: [] };
    for (let i = 0; i < 15; i++) {
      for (const [username, times] of Object.entries(samples)) {
        const start = performance.now();
        await validator.validate(username, 'wrong', { address: `192.0.2.${i}` });
        times.push(performance.now() - start);
      }
    }
    const [imported, quickArgon2, unknown] = Object.values(samples).map((times) => times.sort((a, b) => a - b)[7]!);
    // Alone they take a tenth.
    for (const time of [imported!, quickArgon2!]) {
      expect(time / unknown!).toBeGreaterThan(0.4);
      expect(time / unknown!).toBeLessThan(2.5);
    }
  });
});
