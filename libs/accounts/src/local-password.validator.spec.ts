import { describe, expect, it } from '@jest/globals';
import {
  createHandle,
  hashHandle,
  InMemoryKnownDeviceStore,
  InMemorySignInAttempts,
  InMemoryUserStore,
  SystemClock,
  User,
} from '@tessera/resource-model';
import { LocalPasswordValidator } from './local-password.validator.js';
import { hashPassword } from './password-hashing.js';
import { SignInThrottle } from './throttle/sign-in-throttle.js';

const passwordHash = await hashPassword('correct horse');
const users = new InMemoryUserStore([
  new User({ subject: '1', username: 'alice', passwordHash }),
  new User({ subject: '2', username: 'disabled', passwordHash, enabled: false }),
  new User({ subject: '3', username: 'passwordless' }),
  new User({ subject: '4', username: 'composed', passwordHash: await hashPassword('caf\u00e9') }),
]);
const clock = new SystemClock();
const create = (devices?: InMemoryKnownDeviceStore) =>
  new LocalPasswordValidator(users, new SignInThrottle(new InMemorySignInAttempts(clock)), clock, devices);
const validator = create();

/** An address from which nothing was tried yet. */
let addresses = 0;
const newAddress = () => `192.0.2.${++addresses}`;

describe('The password check', () => {
  it('knows the right password, and the person by it', async () => {
    expect(await validator.validate('Alice', 'correct horse')).toEqual({ subject: '1' });
  });

  it.each([
    ['a wrong password', 'alice', 'battery staple'],
    ['an empty password', 'alice', ''],
    ['an unknown person', 'nobody', 'correct horse'],
    ['a disabled person', 'disabled', 'correct horse'],
    ['a person without a password', 'passwordless', ''],
    ['a very long password', 'alice', 'x'.repeat(100_000)],
  ])('refuses %s', async (_what, username, password) => {
    expect(await validator.validate(username, password)).toBeUndefined();
  });

  it('takes the same letters from every keyboard', async () => {
    expect(await validator.validate('composed', 'cafe\u0301')).toEqual({ subject: '4' });
  });

  it('hashes by argon2id with a salt of its own', async () => {
    expect(passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hashPassword('correct horse')).not.toBe(passwordHash);
  });

  it('asks whoever comes when too many wait already to come again, and serves the others', async () => {
    const tries = Array.from({ length: 90 }, () =>
      validator.validate('alice', 'correct horse', { address: newAddress() }),
    );
    const outcomes = await Promise.allSettled(tries);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.length).toBeGreaterThan(20);
    for (const { reason } of refused)
      expect(reason).toMatchObject({ message: expect.stringMatching(/^Too many people/) });
    for (const outcome of outcomes) if (outcome.status === 'fulfilled') expect(outcome.value).toEqual({ subject: '1' });
    expect(await validator.validate('alice', 'correct horse')).toEqual({ subject: '1' });
  });

  it('takes as long for an unknown person as for a wrong password, within noise', async () => {
    const samples = { alice: [] as number[], nobody: [] as number[], passwordless: [] as number[] };
    for (let i = 0; i < 15; i++) {
      // In turn, so that a busy machine slows all of them down alike.
      for (const [username, times] of Object.entries(samples)) {
        const start = process.hrtime.bigint();
        await validator.validate(username, 'wrong', { address: newAddress() });
        times.push(Number(process.hrtime.bigint() - start));
      }
    }
    const median = (times: number[]) => times.sort((one, other) => one - other)[7]!;
    const known = median(samples.alice);
    // Without the dummy verification the ratio is beyond 100.
    for (const other of [median(samples.nobody), median(samples.passwordless)]) {
      expect(other / known).toBeGreaterThan(0.4);
      expect(other / known).toBeLessThan(2.5);
    }
  });
});

describe('Wrong passwords', () => {
  it('of twenty that come at once no more are looked at than are free, for a known person and an unknown one alike', async () => {
    const guarded = create();
    for (const username of ['alice', 'nobody']) {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, i) => guarded.validate(username, `guess ${i}`)),
      );
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(5);
      for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(tooMany);
    }
  });

  it('meet the same words and counts whether a person is known, unknown, disabled or without a password', async () => {
    const guarded = create();
    const usernames = ['alice', 'nobody', 'disabled', 'passwordless'];
    const courses = await Promise.all(usernames.map((username) => courseOf(guarded, username)));
    expect(courses[0]).toEqual([...Array.from({ length: 5 }, () => 'wrong'), tooMany.message, tooMany.message]);
    for (const course of courses) expect(course).toEqual(courses[0]);
  });

  it('are refused alike in time, too: before anything is hashed', async () => {
    const guarded = create();
    const device = createHandle();
    for (const username of ['alice', 'nobody']) {
      for (let i = 0; i < 5; i++) await guarded.validate(username, 'wrong');
      const start = process.hrtime.bigint();
      for (let i = 0; i < 20; i++) await expect(guarded.validate(username, 'wrong', { device })).rejects.toBeDefined();
      // Twenty hashes would take over 200 ms.
      expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(100);
    }
  });

  it('elsewhere do not delay a person on a device that is known for the account', async () => {
    const devices = new InMemoryKnownDeviceStore();
    const guarded = create(devices);
    const [device, stolenElsewhere, old] = [createHandle(), createHandle(), createHandle()];
    const expiresAt = clock.now() + 60;
    await devices.add({ deviceHash: hashHandle(device), subject: '1', expiresAt });
    await devices.add({ deviceHash: hashHandle(stolenElsewhere), subject: '4', expiresAt });
    await devices.add({ deviceHash: hashHandle(old), subject: '1', expiresAt: clock.now() });
    const address = '198.51.100.1';
    for (let i = 0; i < 5; i++) await guarded.validate('alice', 'wrong', { address });
    for (const other of [undefined, createHandle(), stolenElsewhere, old, '']) {
      await expect(guarded.validate('alice', 'correct horse', { address, device: other })).rejects.toMatchObject(
        tooMany,
      );
    }
    expect(await guarded.validate('alice', 'correct horse', { address, device })).toEqual({ subject: '1' });
  });
});

const tooMany = { retryAfter: 1, message: 'Too many attempts to sign in: wait 1 second and try again.' };

/** What seven wrong passwords, one after another, are told. */
async function courseOf(guarded: LocalPasswordValidator, username: string): Promise<string[]> {
  const course: string[] = [];
  for (let i = 0; i < 7; i++) {
    course.push(
      await guarded.validate(username, 'wrong', { address: '198.51.100.1' }).then(
        (person) => (person ? 'right' : 'wrong'),
        (error: Error) => error.message,
      ),
    );
  }
  return course;
}
