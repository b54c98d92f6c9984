import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { DpopReplayStore } from '../dpop/dpop-replay.store.js';

/**
 * What every store of used DPoP proofs must do. Call it inside of a `describe`. It waits for three seconds, because a
 * shared store goes by a clock of its own.
 */
export function dpopReplayStoreContract(create: () => Promise<DpopReplayStore> | DpopReplayStore): void {
  it('remembers a proof once', async () => {
    const store = await create();
    const [one, other] = [anId(), anId()];
    expect(await store.remember(one, inSeconds(60))).toBe(true);
    expect(await store.remember(one, inSeconds(60))).toBe(false);
    expect(await store.remember(other, inSeconds(60))).toBe(true);
  });

  it('refuses what it remembers whatever end it is given the second time', async () => {
    const store = await create();
    const id = anId();
    expect(await store.remember(id, inSeconds(60))).toBe(true);
    expect(await store.remember(id, inSeconds(600))).toBe(false);
    expect(await store.remember(id, inSeconds(1))).toBe(false);
  });

  it('tells ids apart by case', async () => {
    const store = await create();
    const id = anId().slice(2);
    expect(await store.remember(`aa${id}`, inSeconds(60))).toBe(true);
    expect(await store.remember(`aA${id}`, inSeconds(60))).toBe(true);
  });

  it('lets one of a hundred through that come at the same time', async () => {
    const store = await create();
    const id = anId();
    const answers = await Promise.all(Array.from({ length: 100 }, async () => store.remember(id, inSeconds(60))));
    expect(answers.filter((isNew) => isNew)).toHaveLength(1);
  });

  it('remembers up to the end it was given, and what ended is new again', async () => {
    const store = await create();
    const id = anId();
    expect(await store.remember(id, inSeconds(2))).toBe(true);
    await setTimeout(1000);
    expect(await store.remember(id, inSeconds(2))).toBe(false);
    await setTimeout(2100);
    expect(await store.remember(id, inSeconds(60))).toBe(true);
    expect(await store.remember(id, inSeconds(60))).toBe(false);
  });
}

/** Of the form that the verifier makes; random, because the tests of a shared store share what it holds. */
function anId(): string {
  return randomBytes(32).toString('base64url');
}

function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}
