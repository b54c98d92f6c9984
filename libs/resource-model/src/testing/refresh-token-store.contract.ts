import { expect, it } from '@jest/globals';
import { createHandle, hashHandle } from '../handle.js';
import { type RefreshToken, type Rotation, usedUp } from '../refresh-token.js';
import type { RefreshTokenStore } from '../stores/refresh-token.store.js';

const token = (difference: Partial<RefreshToken> = {}): RefreshToken => ({
  handleHash: hashHandle(createHandle()),
  familyId: createHandle(),
  clientId: 'client',
  subject: 'alice',
  authentication: { time: 1000, methods: ['pwd'] },
  scopes: ['openid', 'api1'],
  resources: ['api'],
  details: [{ type: 'payment', amount: { value: '12.50', currency: 'EUR' } }],
  accessTokenClaims: { role: 'admin' },
  requestedClaims: { idToken: ['email'], userinfo: [] },
  confirmation: { jkt: 'thumbprint of a key' },
  grantClaims: { came_from: ['a', 1] },
  familyCreatedAt: 1000,
  createdAt: 1000,
  expiresAt: 2000,
  ...difference,
});
const rotation = (difference: Partial<Rotation> = {}): Rotation => ({
  at: 1500,
  keptUntil: 5000,
  request: 'request',
  responseUntil: 1510,
  response: 'sealed',
  ...difference,
});

/** What every store of refresh tokens must do. Call it inside of a `describe`. */
export function refreshTokenStoreContract(create: () => Promise<RefreshTokenStore>): void {
  it('finds what was added, whole', async () => {
    const store = await create();
    const added = token();
    await store.add(added);
    expect(await store.find(added.handleHash)).toEqual(added);
  });

  it('finds nothing under an unknown handle', async () => {
    expect(await (await create()).find(hashHandle('unknown'))).toBeUndefined();
  });

  it('rotates: the old token shows how it was used, the new one is there', async () => {
    const store = await create();
    const [old, successor] = [token(), token()];
    await store.add(old);
    expect(await store.rotate(old.handleHash, rotation(), successor)).toEqual({ rotated: true });
    expect(await store.find(old.handleHash)).toEqual(usedUp(old, rotation()));
    expect(await store.find(successor.handleHash)).toEqual(successor);
  });

  it('gives the response of a used token until its time is over, and keeps it no longer than to the next sweep', async () => {
    const store = await create();
    const [first, second, third] = [token(), token({ familyId: 'f' }), token({ familyId: 'f' })];
    await store.add(first);
    await store.add(second);
    await store.rotate(first.handleHash, rotation({ responseUntil: 1509, response: 'first' }), token());
    await store.rotate(second.handleHash, rotation({ responseUntil: 1510, response: 'second' }), third);
    const responses = async () =>
      await Promise.all(
        [first, second].map(async ({ handleHash }) => (await store.find(handleHash))?.rotation?.response),
      );
    expect(await responses()).toEqual(['first', 'second']);
    expect(await store.removeExpired(1510, 10)).toBe(1);
    expect(await responses()).toEqual([undefined, 'second']);
    expect(await store.removeExpired(1511, 10)).toBe(1);
    expect(await responses()).toEqual([undefined, undefined]);
    const { response, ...left } = rotation({ responseUntil: 1509 });
    expect(response).toBeDefined();
    expect(await store.find(first.handleHash)).toEqual(usedUp(first, left));
    await store.removeFamily('f');
    expect(await store.find(second.handleHash)).toBeUndefined();
  });

  it('keeps no response where there is none', async () => {
    const store = await create();
    const old = token();
    await store.add(old);
    const without = rotation({ response: undefined });
    expect(await store.rotate(old.handleHash, without, token())).toEqual({ rotated: true });
    expect(await store.find(old.handleHash)).toEqual(usedUp(old, without));
    expect(await store.removeExpired(1511, 10)).toBe(0);
  });

  it('does not rotate a token that is gone, and keeps no successor of it', async () => {
    const store = await create();
    const successor = token();
    expect(await store.rotate(hashHandle('gone'), rotation(), successor)).toEqual({
      rotated: false,
      current: undefined,
    });
    expect(await store.find(successor.handleHash)).toBeUndefined();
  });

  it.each([20, 200])('of %d rotations at once exactly one wins, and the others find its response', async (tries) => {
    const store = await create();
    const old = token();
    await store.add(old);
    const successors = Array.from({ length: tries }, () => token({ familyId: old.familyId }));
    const outcomes = await Promise.all(
      successors.map((successor, index) =>
        store.rotate(old.handleHash, rotation({ response: `response ${index}` }), successor),
      ),
    );
    const winner = outcomes.findIndex(({ rotated }) => rotated);
    expect(outcomes.filter(({ rotated }) => rotated)).toHaveLength(1);
    const current = usedUp(old, rotation({ response: `response ${winner}` }));
    outcomes.forEach((outcome, index) => {
      if (index !== winner) expect(outcome).toEqual({ rotated: false, current });
    });
    const kept = await Promise.all(successors.map(({ handleHash }) => store.find(handleHash)));
    expect(kept.filter((found) => found !== undefined)).toEqual([successors[winner]]);
  });

  it('moves the end of a token', async () => {
    const store = await create();
    const added = token();
    await store.add(added);
    expect(await store.touch(added.handleHash, 3000)).toBe(true);
    expect(await store.find(added.handleHash)).toEqual({ ...added, expiresAt: 3000 });
    expect(await store.touch(added.handleHash, undefined)).toBe(true);
    expect((await store.find(added.handleHash))?.expiresAt).toBeUndefined();
  });

  it('says that a token is gone when its end should move, and does not bring it back', async () => {
    const store = await create();
    const added = token({ familyId: 'f' });
    await store.add(added);
    await store.removeFamily('f');
    expect(await store.touch(added.handleHash, 3000)).toBe(false);
    expect(await store.find(added.handleHash)).toBeUndefined();
  });

  it('removes a family and no other token', async () => {
    const store = await create();
    const [first, second, stranger] = [token({ familyId: 'f' }), token({ familyId: 'f' }), token({ familyId: 'g' })];
    for (const added of [first, second, stranger]) await store.add(added);
    await store.removeFamily('f');
    expect(await store.find(first.handleHash)).toBeUndefined();
    expect(await store.find(second.handleHash)).toBeUndefined();
    expect(await store.find(stranger.handleHash)).toEqual(stranger);
  });

  it('lists the current tokens of a person: one of each family, without those that are used up', async () => {
    const store = await create();
    const [old, successor] = [token({ familyId: 'f' }), token({ familyId: 'f' })];
    const [single, elsewhere, bobs] = [token(), token({ clientId: 'other' }), token({ subject: 'bob' })];
    for (const added of [old, single, elsewhere, bobs]) await store.add(added);
    await store.rotate(old.handleHash, rotation(), successor);
    const listed = await store.listBySubject('alice');
    expect(listed).toHaveLength(3);
    expect(listed).toEqual(expect.arrayContaining([successor, single, elsewhere]));
    expect(await store.listBySubject('nobody')).toEqual([]);
    await store.removeFamily('f');
    expect(await store.listBySubject('alice')).toHaveLength(2);
  });

  it('lists one token of a family that many try to rotate at once', async () => {
    const store = await create();
    const old = token();
    await store.add(old);
    const rotating = Array.from({ length: 20 }, () =>
      store.rotate(old.handleHash, rotation(), token({ familyId: old.familyId })),
    );
    await Promise.all(rotating);
    expect(await store.listBySubject('alice')).toHaveLength(1);
  });

  it('removes what has ended, in batches, and keeps what ends now, later or never', async () => {
    const store = await create();
    const ended = [token({ expiresAt: 10 }), token({ expiresAt: 11 }), token({ expiresAt: 12 })];
    const kept = [token({ expiresAt: 100 }), token({ expiresAt: 101 }), token({ expiresAt: undefined })];
    for (const added of [...ended, ...kept]) await store.add(added);
    // And two responses of tokens that live on.
    const used = [token(), token()];
    for (const old of used) {
      await store.add(old);
      await store.rotate(old.handleHash, rotation({ responseUntil: 99 }), token());
    }
    for (const removed of [2, 2, 1, 0]) expect(await store.removeExpired(100, 2)).toBe(removed);
    for (const old of used) expect((await store.find(old.handleHash))?.rotation?.response).toBeUndefined();
    for (const added of ended) expect(await store.find(added.handleHash)).toBeUndefined();
    for (const added of kept) expect(await store.find(added.handleHash)).toEqual(added);
  });
}
