import { expect, it } from '@jest/globals';
import type { DeviceAuthorization, DeviceDecision } from '../device-authorization.js';
import { createHandle, hashHandle } from '../handle.js';
import type { DeviceAuthorizationStore } from '../stores/device-authorization.store.js';
import { createUserCode } from '../user-code.js';

const waiting = (difference: Partial<DeviceAuthorization> = {}): DeviceAuthorization => ({
  handleHash: hashHandle(createHandle()),
  userCodeHash: hashHandle(createUserCode()),
  clientId: 'television',
  scopes: ['openid', 'api1'],
  resources: ['api1'],
  details: [{ type: 'payment_initiation', amount: '123.50' }],
  createdAt: 1000,
  expiresAt: 1300,
  interval: 5,
  ...difference,
});
const allowed: DeviceDecision & { readonly allowed: true } = {
  allowed: true,
  subject: 'alice',
  authentication: { time: 900, methods: ['pwd'], contextClass: 'high', sessionId: 'session' },
  scopes: ['openid'],
};
const twenty = <T>(act: () => Promise<T>) => Promise.all(Array.from({ length: 20 }, act));

/** What every store of devices that wait must do. Call it inside of a `describe`. */
export function deviceAuthorizationStoreContract(create: () => Promise<DeviceAuthorizationStore>): void {
  const createWith = async (...added: readonly DeviceAuthorization[]) => {
    const store = await create();
    for (const one of added) expect(await store.add(one, 1000)).toBe(true);
    return store;
  };

  it('finds a device by its user code, and gives it as it was added', async () => {
    const [one, other] = [waiting(), waiting({ resources: undefined, details: undefined })];
    const store = await createWith(one, other);
    expect(await store.findByUserCode(one.userCodeHash)).toEqual(one);
    expect(await store.findByUserCode(other.userCodeHash)).toEqual(other);
    expect(await store.findByUserCode(hashHandle('unknown'))).toBeUndefined();
  });

  it('keeps the first decision, whatever comes after it', async () => {
    const device = waiting();
    const store = await createWith(device);
    expect(await store.decide(device.userCodeHash, allowed)).toBe(true);
    expect(await store.decide(device.userCodeHash, { allowed: false })).toBe(false);
    expect((await store.findByUserCode(device.userCodeHash))?.decision).toEqual(allowed);
  });

  it('keeps a refusal', async () => {
    const device = waiting();
    const store = await createWith(device);
    await store.decide(device.userCodeHash, { allowed: false });
    expect((await store.redeem(device.handleHash))?.decision).toEqual({ allowed: false });
  });

  it('takes one decision of twenty at a time', async () => {
    const device = waiting();
    const store = await createWith(device);
    expect((await twenty(() => store.decide(device.userCodeHash, allowed))).filter(Boolean)).toHaveLength(1);
  });

  it('takes no decision about a device that is not there', async () => {
    const device = waiting();
    const store = await createWith(device);
    expect(await store.decide(hashHandle('unknown'), allowed)).toBe(false);
    await store.redeem(device.handleHash);
    expect(await store.decide(device.userCodeHash, allowed)).toBe(false);
  });

  it('lengthens the interval of a device that polls too early', async () => {
    const device = waiting();
    const store = await createWith(device);
    const poll = async (now: number) => {
      const polled = await store.poll(device.handleHash, now, 5);
      return polled && [polled.tooEarly, polled.authorization.interval];
    };
    expect(await poll(1000)).toEqual([false, 5]);
    expect(await poll(1005)).toEqual([false, 5]);
    expect(await poll(1009)).toEqual([true, 5]);
    // From the last poll on, which was too early itself.
    expect(await poll(1018)).toEqual([true, 10]);
    expect(await poll(1033)).toEqual([false, 15]);
  });

  it('tells nineteen of twenty polls at once that they are too early', async () => {
    const device = waiting();
    const store = await createWith(device);
    const polls = await twenty(() => store.poll(device.handleHash, 1000, 5));
    expect(polls.filter((polled) => polled?.tooEarly)).toHaveLength(19);
    expect((await store.findByUserCode(device.userCodeHash))?.interval).toBe(5 + 19 * 5);
  });

  it('gives a poll the decision, and keeps it through polls', async () => {
    const device = waiting();
    const store = await createWith(device);
    await store.poll(device.handleHash, 1000, 5);
    await store.decide(device.userCodeHash, allowed);
    expect((await store.poll(device.handleHash, 1005, 5))?.authorization.decision).toEqual(allowed);
    expect((await store.poll(device.handleHash, 1010, 5))?.authorization.decision).toEqual(allowed);
    expect(await store.poll(hashHandle('unknown'), 1005, 5)).toBeUndefined();
  });

  it('is redeemed by one of twenty at a time, and gone afterwards', async () => {
    const device = waiting();
    const store = await createWith(device);
    await store.decide(device.userCodeHash, allowed);
    const redeemed = (await twenty(() => store.redeem(device.handleHash))).filter((one) => one !== undefined);
    expect(redeemed).toEqual([{ ...device, decision: allowed }]);
    expect(await store.redeem(device.handleHash)).toBeUndefined();
    expect(await store.poll(device.handleHash, 1005, 5)).toBeUndefined();
    expect(await store.findByUserCode(device.userCodeHash)).toBeUndefined();
  });

  it('gives a user code to one device at a time', async () => {
    const [first, second] = [waiting(), waiting()].map((one) => ({ ...one, userCodeHash: hashHandle('the same') }));
    const store = await createWith(first!);
    expect(await store.add(second!, 1299)).toBe(false);
    expect((await store.findByUserCode(first!.userCodeHash))?.handleHash).toBe(first!.handleHash);
    expect(await store.poll(second!.handleHash, 1299, 5)).toBeUndefined();
  });

  it('gives the user code of a device that ended to another', async () => {
    const [first, second] = [waiting(), waiting({ expiresAt: 1600 })].map((one) => ({
      ...one,
      userCodeHash: hashHandle('the same'),
    }));
    const store = await createWith(first!);
    expect(await store.add(second!, 1300)).toBe(true);
    expect((await store.findByUserCode(first!.userCodeHash))?.handleHash).toBe(second!.handleHash);
    expect(await store.redeem(second!.handleHash)).toEqual(second);
  });

  it('gives a user code to one of twenty that ask at a time', async () => {
    const store = await create();
    const added = await twenty(() => store.add(waiting({ userCodeHash: hashHandle('the same') }), 1000));
    expect(added.filter(Boolean)).toHaveLength(1);
  });

  it('removes what a person let in for one client, and nothing that is undecided, refused, another’s or redeemed', async () => {
    const [mine, undecided, refused, bobs] = [waiting(), waiting(), waiting(), waiting()];
    const elsewhere = waiting({ clientId: 'radio' });
    const store = await createWith(mine, undecided, refused, bobs, elsewhere);
    await store.decide(mine.userCodeHash, allowed);
    await store.decide(refused.userCodeHash, { allowed: false });
    await store.decide(bobs.userCodeHash, { ...allowed, subject: 'bob' });
    await store.decide(elsewhere.userCodeHash, allowed);
    await store.removeGrants('alice', 'television');
    expect(await store.redeem(mine.handleHash)).toBeUndefined();
    expect(await store.findByUserCode(mine.userCodeHash)).toBeUndefined();
    for (const { userCodeHash } of [undecided, refused, bobs, elsewhere]) {
      expect(await store.findByUserCode(userCodeHash)).toBeDefined();
    }
  });

  it('forgets what has ended, in batches', async () => {
    const devices = [waiting({ expiresAt: 1010 }), waiting({ expiresAt: 1011 }), waiting({ expiresAt: 1100 })];
    const store = await createWith(...devices);
    expect(await store.removeExpired(1100, 1)).toBe(1);
    expect(await store.removeExpired(1100, 9)).toBe(1);
    expect(await store.findByUserCode(devices[0]!.userCodeHash)).toBeUndefined();
    expect(await store.findByUserCode(devices[2]!.userCodeHash)).toEqual(devices[2]);
  });
}
