import { expect, it } from '@jest/globals';
import { createHandle, hashHandle } from '../handle.js';
import type { Interaction, InteractionAnswers } from '../interaction.js';
import type { InteractionStore } from '../stores/interaction.store.js';

const interaction = (difference: Partial<Interaction> = {}): Interaction => ({
  handleHash: hashHandle(createHandle()),
  browserHash: hashHandle('browser'),
  kind: 'authorize',
  clientId: 'client',
  parameters: { client_id: 'client', scope: 'openid', resource: ['one', 'two'] },
  answers: {},
  createdAt: 1000,
  expiresAt: 2000,
  ...difference,
});

/** What every store of interactions must do. Call it inside of a `describe`. */
export function interactionStoreContract(create: () => Promise<InteractionStore>): void {
  it('finds what was added, whole, and nothing else', async () => {
    const store = await create();
    const signOut = { kind: 'endSession', clientId: '', parameters: {} } as const;
    const answers = { signedOut: { sessionId: 's', clients: ['one'] } };
    const one = interaction({ pushedRequest: hashHandle('pushed') });
    const other = interaction({ ...signOut, answers });
    for (const added of [one, other]) await store.add(added);
    expect(await store.find(one.handleHash)).toEqual(one);
    expect(await store.find(other.handleHash)).toEqual(other);
    expect(await store.find(hashHandle('unknown'))).toBeUndefined();
  });

  it('adds answers to those that are there, and a newer one takes the place of one of its kind', async () => {
    const store = await create();
    const added = interaction();
    await store.add(added);
    const consent = { sessionId: 's', scopes: ['openid'], claims: ['name'] };
    expect(await store.answer(added.handleHash, { signedIn: { sessionId: 'r', at: 1100 } })).toBe(true);
    expect(await store.answer(added.handleHash, { consent })).toBe(true);
    expect(await store.answer(added.handleHash, { signedIn: { sessionId: 's', at: 1200 } })).toBe(true);
    const answers = { consent, signedIn: { sessionId: 's', at: 1200 } };
    expect(await store.find(added.handleHash)).toEqual({ ...added, answers });
  });

  it('loses none of several answers that come at once', async () => {
    const store = await create();
    const added = interaction();
    await store.add(added);
    const answers: Required<InteractionAnswers> = {
      signedIn: { sessionId: 's', at: 1100 },
      chosen: { sessionId: 's' },
      consent: { sessionId: 's', scopes: [], claims: [] },
      cancelled: true,
      signedOut: { sessionId: 's', clients: [] },
    };
    const outcomes = await Promise.all(
      Object.entries(answers).map(([kind, answer]) => store.answer(added.handleHash, { [kind]: answer })),
    );
    expect(outcomes).toEqual([true, true, true, true, true]);
    expect((await store.find(added.handleHash))?.answers).toEqual(answers);
  });

  it('gives itself to one of twenty that take it at once, with its answers, and is gone afterwards', async () => {
    const store = await create();
    const added = interaction();
    await store.add(added);
    await store.answer(added.handleHash, { cancelled: true });
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => store.take(added.handleHash)));
    expect(outcomes.filter((taken) => taken !== undefined)).toEqual([{ ...added, answers: { cancelled: true } }]);
    expect(await store.find(added.handleHash)).toBeUndefined();
  });

  it('takes no answer to what is gone, and does not bring it back', async () => {
    const store = await create();
    const added = interaction();
    await store.add(added);
    await store.take(added.handleHash);
    expect(await store.answer(added.handleHash, { cancelled: true })).toBe(false);
    expect(await store.find(added.handleHash)).toBeUndefined();
  });

  it('removes what has ended, in batches', async () => {
    const store = await create();
    const added = [interaction({ expiresAt: 10 }), interaction({ expiresAt: 11 }), interaction({ expiresAt: 100 })];
    for (const one of added) await store.add(one);
    expect(await store.removeExpired(100, 1)).toBe(1);
    expect(await store.removeExpired(100, 9)).toBe(1);
    expect(await store.find(added[2]!.handleHash)).toEqual(added[2]);
  });
}
