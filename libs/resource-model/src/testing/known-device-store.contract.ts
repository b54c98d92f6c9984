import { expect, it } from '@jest/globals';
import { createHandle, hashHandle } from '../handle.js';
import type { KnownDevice } from '../known-device.js';
import type { KnownDeviceStore } from '../stores/known-device.store.js';

const device = (difference: Partial<KnownDevice> = {}): KnownDevice => ({
  deviceHash: hashHandle(createHandle()),
  subject: 'alice',
  expiresAt: 2000,
  ...difference,
});

/** What every store of known devices must do. Call it inside of a `describe`. */
export function knownDeviceStoreContract(create: () => Promise<KnownDeviceStore>): void {
  it('knows a device for the people who signed in with it, and for nobody else', async () => {
    const store = await create();
    const { deviceHash, ...ofAlice } = device();
    await store.add({ deviceHash, ...ofAlice });
    await store.add({ deviceHash, ...ofAlice, subject: 'bob' });
    for (const subject of ['alice', 'bob']) expect(await store.has(deviceHash, subject, 1000)).toBe(true);
    for (const subject of ['mallory', '', 'ALICE']) expect(await store.has(deviceHash, subject, 1000)).toBe(false);
    expect(await store.has(hashHandle('another'), 'alice', 1000)).toBe(false);
  });

  it('does not know a device that has ended', async () => {
    const store = await create();
    const added = device({ expiresAt: 2000 });
    await store.add(added);
    expect(await store.has(added.deviceHash, 'alice', 1999)).toBe(true);
    expect(await store.has(added.deviceHash, 'alice', 2000)).toBe(false);
  });

  it('moves the end of a device that is added again, also by many at once', async () => {
    const store = await create();
    const added = device({ expiresAt: 2000 });
    await store.add(added);
    await Promise.all(Array.from({ length: 20 }, () => store.add({ ...added, expiresAt: 3000 })));
    expect(await store.has(added.deviceHash, 'alice', 2999)).toBe(true);
    expect(await store.removeExpired(3001, 9)).toBe(1);
    expect(await store.has(added.deviceHash, 'alice', 1000)).toBe(false);
  });

  it('forgets what has ended, in batches', async () => {
    const store = await create();
    const added = [device({ expiresAt: 10 }), device({ expiresAt: 11 }), device({ expiresAt: 100 })];
    for (const one of added) await store.add(one);
    expect(await store.removeExpired(100, 1)).toBe(1);
    expect(await store.removeExpired(100, 9)).toBe(1);
    expect(await store.has(added[2]!.deviceHash, 'alice', 99)).toBe(true);
  });
}
