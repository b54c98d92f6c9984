import { expect, it } from '@jest/globals';
import type { SignInAttempts } from '../stores/sign-in-attempts.store.js';

/**
 * What every store of sign-in attempts must do. Call it inside of a `describe`.
 * @param pass lets so many seconds pass for the store
 */
export function signInAttemptsContract(
  create: () => Promise<SignInAttempts>,
  pass: (seconds: number) => Promise<void>,
): void {
  const twenty = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: 20 }, work));

  it('counts twenty tries at once as twenty, each key apart', async () => {
    const attempts = await create();
    const counts = await twenty(() => attempts.count('one', 60));
    expect(counts.sort((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(await attempts.count('other', 60)).toBe(1);
  });

  it('takes a try back', async () => {
    const attempts = await create();
    for (let i = 0; i < 3; i++) await attempts.count('key', 60);
    await attempts.giveBack('key');
    expect(await attempts.count('key', 60)).toBe(3);
  });

  it('forgets a count when its time is over, however often it was counted meanwhile', async () => {
    const attempts = await create();
    await attempts.count('key', 3);
    await pass(2);
    expect(await attempts.count('key', 3)).toBe(2);
    await pass(2);
    expect(await attempts.count('key', 3)).toBe(1);
  });

  it('is held up by exactly one of twenty at once, and tells the others how long', async () => {
    const attempts = await create();
    const waits = await twenty(() => attempts.hold('key', 8));
    expect(waits.sort((one, other) => one - other)).toEqual([0, ...Array.from({ length: 19 }, () => 8)]);
    expect([await attempts.heldFor('key'), await attempts.heldFor('other')]).toEqual([8, 0]);
  });

  it('is free again after that time, or when it is released', async () => {
    const attempts = await create();
    await attempts.hold('key', 2);
    await pass(1);
    expect([await attempts.heldFor('key'), await attempts.hold('key', 9)]).toEqual([1, 1]);
    await pass(1.1);
    expect([await attempts.heldFor('key'), await attempts.hold('key', 9)]).toEqual([0, 0]);
    await attempts.release('key');
    expect(await attempts.heldFor('key')).toBe(0);
  });

  it('keeps the count when a key is released, and nothing when it is forgotten', async () => {
    const attempts = await create();
    await attempts.count('key', 60);
    await attempts.hold('key', 9);
    await attempts.release('key');
    expect(await attempts.count('key', 60)).toBe(2);
    await attempts.hold('key', 9);
    await attempts.forget('key');
    expect([await attempts.heldFor('key'), await attempts.count('key', 60)]).toEqual([0, 1]);
  });
}
