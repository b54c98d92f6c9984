import { describe, expect, it } from '@jest/globals';
import { InMemoryUserStore, User } from '@tessera/resource-model';
import { LocalPasswordValidator } from './local-password.validator.js';
import { hashPassword } from './password-hashing.js';

const passwordHash = await hashPassword('correct horse');
const validator = new LocalPasswordValidator(
  new InMemoryUserStore([
    new User({ subject: '1', username: 'alice', passwordHash }),
    new User({ subject: '2', username: 'disabled', passwordHash, enabled: false }),
    new User({ subject: '3', username: 'passwordless' }),
    new User({ subject: '4', username: 'composed', passwordHash: await hashPassword('caf\u00e9') }),
  ]),
);

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
    const tries = Array.from({ length: 100 }, () => validator.validate('alice', 'correct horse'));
    const outcomes = await Promise.allSettled(tries);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.length).toBeGreaterThan(20);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'temporarily_unavailable' });
    for (const outcome of outcomes) if (outcome.status === 'fulfilled') expect(outcome.value).toEqual({ subject: '1' });
    expect(await validator.validate('alice', 'correct horse')).toEqual({ subject: '1' });
  });

  it('takes as long for an unknown person as for a wrong password, within noise', async () => {
    const samples = { alice: [] as number[], nobody: [] as number[], passwordless: [] as number[] };
    for (let i = 0; i < 15; i++) {
      // In turn, so that a busy machine slows all of them down alike.
      for (const [username, times] of Object.entries(samples)) {
        const start = process.hrtime.bigint();
        await validator.validate(username, 'wrong');
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
