import { expect, it } from '@jest/globals';
import type { Admission, SignInAttempts } from '../stores/sign-in-attempts.store.js';

/**
 * What every store of sign-in attempts must do. Call it inside of a `describe`.
 * @param pass lets so many seconds pass for the store
 */
export function signInAttemptsContract(
  create: () => Promise<SignInAttempts>,
  pass: (seconds: number) => Promise<void>,
): void {
  const rule = { free: 3, longest: 10, within: 60 };
  const twenty = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: 20 }, work));
  const waitAt = async (attempts: SignInAttempts, key: string) => (await attempts.look([key]))[0]!.wait;
  const enter = async (attempts: SignInAttempts, times: number, rules = rule, key = 'key') => {
    const admissions: Admission[] = [];
    for (let i = 0; i < times; i++) admissions.push(await attempts.enter(key, rules));
    return admissions;
  };

  it('counts twenty tries at once as twenty, each key apart', async () => {
    const attempts = await create();
    const admissions = await twenty(() => attempts.enter('one', { ...rule, free: 100 }));
    const numbers = admissions.map(({ number }) => number).sort((one, other) => one - other);
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(await attempts.enter('other', rule)).toMatchObject({ wait: 0, number: 1 });
    expect(await attempts.look(['other', 'none', 'one'])).toEqual([
      { tries: 1, wait: 0 },
      { tries: 0, wait: 0 },
      { tries: 20, wait: 0 },
    ]);
  });

  it('lets in as many of twenty at once as are free, and tells the others how long to wait', async () => {
    const attempts = await create();
    const admissions = await twenty(() => attempts.enter('key', rule));
    expect(admissions.map(({ wait }) => wait).sort((one, other) => one - other)).toEqual([
      ...[0, 0, 0],
      ...Array.from({ length: 17 }, () => 1),
    ]);
    expect(await attempts.look(['key'])).toEqual([{ tries: 3, wait: 1 }]);
  });

  it('is held up twice as long each time, up to the longest, and lets one of twenty in after each', async () => {
    const attempts = await create();
    await enter(attempts, 3, { ...rule, within: 900 });
    for (const seconds of [1, 2, 4, 8, 10, 10]) {
      expect(await waitAt(attempts, 'key')).toBe(seconds);
      await pass(seconds);
      const admissions = await twenty(() => attempts.enter('key', { ...rule, within: 900 }));
      expect(admissions.filter(({ wait }) => wait === 0)).toHaveLength(1);
    }
  });

  it('tells the seconds that are left, rounded up', async () => {
    const attempts = await create();
    await enter(attempts, 1, { ...rule, free: -2 });
    await pass(3);
    expect(await waitAt(attempts, 'key')).toBe(5);
    expect(await attempts.enter('key', rule)).toEqual({ wait: 5, number: 0, heldUntil: 0 });
  });

  it('takes a try back, and what it held up', async () => {
    const attempts = await create();
    const [, , third] = await enter(attempts, 3);
    await attempts.takeBack('key', third!);
    expect(await attempts.look(['key'])).toEqual([{ tries: 2, wait: 0 }]);
    expect(await attempts.enter('key', rule)).toMatchObject({ wait: 0, number: 3 });
  });

  it('stays held up by another try than the one that is taken back', async () => {
    const attempts = await create();
    const [first, , third] = await enter(attempts, 3);
    await attempts.takeBack('key', first!);
    expect(await attempts.look(['key'])).toEqual([{ tries: 2, wait: 1 }]);
    await pass(1);
    await attempts.enter('key', { ...rule, free: 1 });
    await attempts.takeBack('key', third!);
    expect(await attempts.look(['key'])).toEqual([{ tries: 2, wait: 4 }]);
  });

  it('takes twenty tries back at once, and has nothing to take back where nothing counts', async () => {
    const attempts = await create();
    const admissions = await twenty(() => attempts.enter('key', { ...rule, free: 100 }));
    await Promise.all(admissions.map((admission) => attempts.takeBack('key', admission)));
    await attempts.takeBack('key', admissions[0]!);
    await attempts.takeBack('other', admissions[0]!);
    expect(await enter(attempts, 1)).toMatchObject([{ number: 1 }]);
  });

  it('forgets a count and what is held up when its time is over, however often it was counted meanwhile', async () => {
    const attempts = await create();
    const short = { ...rule, within: 4 };
    await enter(attempts, 2, short);
    await pass(3);
    expect(await attempts.enter('key', { ...short, free: 1 })).toMatchObject({ wait: 0, number: 3 });
    expect(await waitAt(attempts, 'key')).toBe(4);
    await pass(1);
    expect(await attempts.look(['key'])).toEqual([{ tries: 0, wait: 0 }]);
    expect(await attempts.enter('key', short)).toMatchObject({ wait: 0, number: 1 });
  });

  it('counts the time from the first try that was not taken back', async () => {
    const attempts = await create();
    const [right] = await enter(attempts, 1);
    await attempts.takeBack('key', right!);
    await pass(59);
    await enter(attempts, 1);
    await pass(2);
    expect(await enter(attempts, 1)).toMatchObject([{ number: 2 }]);
  });

  it('keeps nothing of a key that is forgotten', async () => {
    const attempts = await create();
    await enter(attempts, 3);
    await attempts.forget('key');
    expect(await attempts.look(['key'])).toEqual([{ tries: 0, wait: 0 }]);
    expect(await enter(attempts, 1)).toMatchObject([{ wait: 0, number: 1 }]);
  });
}
