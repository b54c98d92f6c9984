import { expect, it } from '@jest/globals';
import type { BackchannelAuthentication, BackchannelDecision } from '../backchannel-authentication.js';
import { createHandle, hashHandle } from '../handle.js';
import type { BackchannelAuthenticationStore } from '../stores/backchannel-authentication.store.js';

const waiting = (difference: Partial<BackchannelAuthentication> = {}): BackchannelAuthentication => ({
  handleHash: hashHandle(createHandle()),
  id: createHandle(),
  clientId: 'bank',
  subject: 'alice',
  scopes: ['openid', 'api1'],
  resources: ['api1'],
  details: [{ type: 'payment_initiation', amount: '123.50' }],
  bindingMessage: 'W4SCT',
  contextClasses: ['high'],
  ping: { authReqId: 'an id of a request', token: 'a token of the client' },
  createdAt: 1000,
  expiresAt: 1300,
  interval: 5,
  ...difference,
});
const bare = {
  resources: undefined,
  details: undefined,
  bindingMessage: undefined,
  contextClasses: undefined,
  ping: undefined,
};
const allowed: BackchannelDecision = {
  allowed: true,
  authentication: { time: 900, methods: ['pwd'], contextClass: 'high', sessionId: 'session' },
  scopes: ['openid'],
};
const refused: BackchannelDecision = { allowed: false };
const most = 5;
const twenty = <T>(act: () => Promise<T>) => Promise.all(Array.from({ length: 20 }, act));

/** What every store of clients that wait for a person's word must do. Call it inside of a `describe`. */
export function backchannelAuthenticationStoreContract(create: () => Promise<BackchannelAuthenticationStore>): void {
  const createWith = async (...added: readonly BackchannelAuthentication[]) => {
    const store = await create();
    for (const one of added) expect(await store.add(one, 1000, most)).toBe(true);
    return store;
  };

  it('finds by its id what asks a person, and gives it as it was added', async () => {
    const [one, other] = [waiting(), waiting(bare)];
    const store = await createWith(one, other);
    expect(await store.find(one.id, 'alice')).toEqual(one);
    expect(await store.find(other.id, 'alice')).toEqual(other);
    expect(await store.find('unknown', 'alice')).toBeUndefined();
  });

  it('gives it to nobody else, whoever knows the id', async () => {
    const one = waiting();
    const store = await createWith(one);
    expect(await store.find(one.id, 'bob')).toBeUndefined();
    expect(await store.waitingFor('bob', 1000)).toEqual([]);
  });

  it('lists what waits for the person, the latest first, without what is decided or over', async () => {
    const [old, late, decided] = [waiting(), waiting({ createdAt: 1001 }), waiting()];
    const ended = waiting({ expiresAt: 1010 });
    const store = await createWith(old, late, decided, ended, waiting({ subject: 'bob' }));
    await store.decide(decided.id, 'alice', refused, 1005);
    expect(await store.waitingFor('alice', 1010)).toEqual([late, old]);
    expect(await store.waitingFor('alice', 1300)).toEqual([]);
  });

  it('keeps the first decision, whatever comes after it, and gives the record with it', async () => {
    const one = waiting();
    const store = await createWith(one);
    expect(await store.decide(one.id, 'alice', allowed, 1001)).toEqual({ ...one, decision: allowed });
    expect(await store.decide(one.id, 'alice', refused, 1002)).toBeUndefined();
    expect((await store.find(one.id, 'alice'))?.decision).toEqual(allowed);
  });

  it('keeps a refusal', async () => {
    const one = waiting();
    const store = await createWith(one);
    await store.decide(one.id, 'alice', refused, 1001);
    expect((await store.redeem(one.handleHash))?.decision).toEqual(refused);
  });

  it('takes one decision of twenty at a time', async () => {
    const one = waiting();
    const store = await createWith(one);
    const taken = await twenty(() => store.decide(one.id, 'alice', allowed, 1001));
    expect(taken.filter((decided) => decided !== undefined)).toHaveLength(1);
  });

  it('takes no decision of somebody else, after the end, or about what is not there', async () => {
    const one = waiting();
    const store = await createWith(one);
    expect(await store.decide(one.id, 'bob', allowed, 1001)).toBeUndefined();
    expect(await store.decide(one.id, 'alice', allowed, 1300)).toBeUndefined();
    expect(await store.decide('unknown', 'alice', allowed, 1001)).toBeUndefined();
    expect(await store.find(one.id, 'alice')).toEqual(one);
    await store.redeem(one.handleHash);
    expect(await store.decide(one.id, 'alice', allowed, 1001)).toBeUndefined();
  });

  it('lengthens the interval of a client that polls too early', async () => {
    const one = waiting();
    const store = await createWith(one);
    const poll = async (now: number) => {
      const polled = await store.poll(one.handleHash, now, 5);
      return polled && [polled.tooEarly, polled.authentication.interval, polled.authentication.polledAt];
    };
    expect(await poll(1000)).toEqual([false, 5, undefined]);
    expect(await poll(1005)).toEqual([false, 5, 1000]);
    expect(await poll(1009)).toEqual([true, 5, 1005]);
    // From the last poll on, which was too early itself.
    expect(await poll(1018)).toEqual([true, 10, 1009]);
    expect(await poll(1033)).toEqual([false, 15, 1018]);
  });

  it('tells nineteen of twenty polls at once that they are too early', async () => {
    const one = waiting();
    const store = await createWith(one);
    const polls = await twenty(() => store.poll(one.handleHash, 1000, 5));
    expect(polls.filter((polled) => polled?.tooEarly)).toHaveLength(19);
    expect((await store.find(one.id, 'alice'))?.interval).toBe(5 + 19 * 5);
  });

  it('gives a poll the decision, and keeps it through polls', async () => {
    const one = waiting();
    const store = await createWith(one);
    expect((await store.poll(one.handleHash, 1000, 5))?.authentication).toEqual(one);
    await store.decide(one.id, 'alice', allowed, 1001);
    expect((await store.poll(one.handleHash, 1005, 5))?.authentication.decision).toEqual(allowed);
    expect((await store.poll(one.handleHash, 1010, 5))?.authentication.decision).toEqual(allowed);
    expect(await store.poll(hashHandle('unknown'), 1005, 5)).toBeUndefined();
  });

  it('is redeemed by one of twenty at a time, and gone afterwards', async () => {
    const one = waiting();
    const store = await createWith(one);
    await store.decide(one.id, 'alice', allowed, 1001);
    const redeemed = (await twenty(() => store.redeem(one.handleHash))).filter((found) => found !== undefined);
    expect(redeemed).toEqual([{ ...one, decision: allowed }]);
    expect(await store.redeem(one.handleHash)).toBeUndefined();
    expect(await store.poll(one.handleHash, 1005, 5)).toBeUndefined();
    expect(await store.find(one.id, 'alice')).toBeUndefined();
  });

  it('takes no more at once of a client for a person than so many that wait; others have room', async () => {
    const store = await createWith(...Array.from({ length: most }, () => waiting()));
    const [another, bobs, shops] = [waiting(), waiting({ subject: 'bob' }), waiting({ clientId: 'shop' })];
    expect(await store.add(another, 1000, most)).toBe(false);
    expect(await store.find(another.id, 'alice')).toBeUndefined();
    expect(await store.add(bobs, 1000, most)).toBe(true);
    expect(await store.add(shops, 1000, most)).toBe(true);
  });

  it('counts what is decided or over no longer', async () => {
    const waitingOnes = Array.from({ length: most }, (_, index) => waiting({ expiresAt: 1300 + index }));
    const store = await createWith(...waitingOnes);
    await store.decide(waitingOnes[4]!.id, 'alice', refused, 1001);
    expect(await store.add(waiting({ expiresAt: 1600 }), 1299, most)).toBe(true);
    expect(await store.add(waiting({ expiresAt: 1600 }), 1299, most)).toBe(false);
    expect(await store.add(waiting({ expiresAt: 1600 }), 1300, most)).toBe(true);
  });

  it('takes five of twenty that are added at a time', async () => {
    const store = await create();
    const added = await twenty(() => store.add(waiting(), 1000, most));
    expect(added.filter(Boolean)).toHaveLength(most);
    expect(await store.waitingFor('alice', 1000)).toHaveLength(most);
  });

  it('removes what a person allowed one client, and nothing that is undecided, refused, another’s or redeemed', async () => {
    const [mine, undecided, no] = [waiting(), waiting(), waiting()];
    const [bobs, elsewhere] = [waiting({ subject: 'bob' }), waiting({ clientId: 'shop' })];
    const store = await createWith(mine, undecided, no, bobs, elsewhere);
    for (const { id, subject } of [mine, bobs, elsewhere]) await store.decide(id, subject, allowed, 1001);
    await store.decide(no.id, 'alice', refused, 1001);
    await store.removeGrants('alice', 'bank');
    expect(await store.redeem(mine.handleHash)).toBeUndefined();
    expect(await store.find(mine.id, 'alice')).toBeUndefined();
    for (const { id, subject } of [undecided, no, bobs, elsewhere]) {
      expect(await store.find(id, subject)).toBeDefined();
    }
  });

  it('forgets what has ended, in batches', async () => {
    const all = [waiting({ expiresAt: 1010 }), waiting({ expiresAt: 1011 }), waiting({ expiresAt: 1100 })];
    const store = await createWith(...all);
    expect(await store.removeExpired(1100, 1)).toBe(1);
    expect(await store.removeExpired(1100, 9)).toBe(1);
    expect(await store.find(all[0]!.id, 'alice')).toBeUndefined();
    expect(await store.find(all[2]!.id, 'alice')).toEqual(all[2]);
  });
}
