import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  ApiResource,
  Client,
  Clock,
  createHandle,
  type DeviceAuthorization,
  type DeviceDecision,
  hashHandle,
  IdentityResources,
  InMemoryDeviceAuthorizationStore,
  InMemoryResourceStore,
  ResourceCatalogue,
} from '@tessera/resource-model';
import { DetailRules } from '../detail-rules.js';
import { RequestedDetails } from '../requested-details.js';
import { RequestedScopes } from '../requested-scopes.js';
import { PersonStanding } from '../person-standing.js';
import { ProfileService } from '../profile.service.js';
import { SessionCheck } from '../session-check.js';
import { DeviceCodeGrant } from './device-code.grant.js';

class FakeClock extends Clock {
  seconds = 1000;

  now(): number {
    return this.seconds;
  }
}

class SwitchedProfile extends ProfileService {
  active = true;

  async claims() {
    return {};
  }

  async isActive() {
    return this.active;
  }
}

class SwitchedSession extends SessionCheck {
  alive = true;

  async isAlive() {
    return this.alive;
  }
}

class NoDetails extends DetailRules {
  faultOf = () => 'there are none';
  isWithin = () => false;
}

const catalogue = new ResourceCatalogue(
  [IdentityResources.openId()],
  [],
  [new ApiResource('api1', 'API', { scopes: ['api1'] })],
);
const scopes = new RequestedScopes(new InMemoryResourceStore(catalogue), new RequestedDetails(new NoDetails()));
const television = new Client({
  clientId: 'television',
  allowedGrantTypes: [],
  allowedScopes: ['openid', 'api1'],
});
const stranger = new Client({ clientId: 'stranger', allowedGrantTypes: [] });
const allowed: DeviceDecision = {
  allowed: true,
  subject: 'alice',
  authentication: { time: 900, methods: ['pwd'], sessionId: 'session' },
  scopes: ['openid'],
};
const userCodeHash = hashHandle('WDJBMJHT');
const deviceCode = createHandle();
const waiting: DeviceAuthorization = {
  handleHash: hashHandle(deviceCode),
  userCodeHash,
  clientId: 'television',
  scopes: ['openid', 'api1'],
  resources: ['api1'],
  createdAt: 1000,
  expiresAt: 1300,
  interval: 5,
};

let clock: FakeClock;
let devices: InMemoryDeviceAuthorizationStore;
let profile: SwitchedProfile;
let session: SwitchedSession;
let grant: DeviceCodeGrant;
const poll = (client = television, code = deviceCode) => grant.authorize(client, { deviceCode: code }, {});
const pollAfter = (seconds: number) => {
  clock.seconds += seconds;
  return poll();
};
const refusal = (code: string) => expect.objectContaining({ code });

beforeEach(async () => {
  clock = new FakeClock();
  devices = new InMemoryDeviceAuthorizationStore();
  profile = new SwitchedProfile();
  session = new SwitchedSession();
  grant = new DeviceCodeGrant(devices, new PersonStanding(profile, session), scopes, clock);
  await devices.add(waiting, 1000);
});

describe('A device that polls (RFC 8628 §3.5)', () => {
  it('is told authorization_pending while the person has not decided', async () => {
    await expect(poll()).rejects.toEqual(refusal('authorization_pending'));
    await expect(pollAfter(5)).rejects.toEqual(refusal('authorization_pending'));
  });

  it('is let in with what the person agreed to, and no more', async () => {
    await devices.decide(userCodeHash, { ...allowed, scopes: ['openid', 'api1'] });
    expect(await poll()).toEqual({
      client: television,
      person: { subject: 'alice', authentication: allowed.authentication },
      scopes: ['openid', 'api1'],
      resources: ['api1'],
    });
  });

  it('keeps of the resources that it named those which the scopes that the person agreed to reach', async () => {
    await devices.decide(userCodeHash, allowed);
    expect(await poll()).toMatchObject({ scopes: ['openid'], resources: [] });
  });

  it('does not get what has been taken from its client in the meantime', async () => {
    await devices.decide(userCodeHash, { ...allowed, scopes: ['openid', 'api1'] });
    const narrowed = new Client({ clientId: 'television', allowedGrantTypes: [], allowedScopes: ['openid'] });
    expect(await poll(narrowed)).toMatchObject({ scopes: ['openid'] });
  });

  it('is told slow_down before the interval is over, and the interval grows by five seconds', async () => {
    await expect(poll()).rejects.toEqual(refusal('authorization_pending'));
    await expect(pollAfter(4)).rejects.toEqual(refusal('slow_down'));
    await expect(pollAfter(9)).rejects.toEqual(refusal('slow_down'));
    await expect(pollAfter(15)).rejects.toEqual(refusal('authorization_pending'));
  });

  it('gets nothing by a poll before its time, and everything by the next in time', async () => {
    await expect(poll()).rejects.toEqual(refusal('authorization_pending'));
    await devices.decide(userCodeHash, allowed);
    await expect(pollAfter(1)).rejects.toEqual(refusal('slow_down'));
    expect((await pollAfter(10)).scopes).toEqual(['openid']);
  });

  it('is refused where its tokens last as long as the session, and the person has signed out meanwhile', async () => {
    await devices.decide(userCodeHash, allowed);
    session.alive = false;
    await expect(poll(new Client({ ...television, coordinateLifetimeWithUserSession: true }))).rejects.toEqual(
      refusal('invalid_grant'),
    );
    expect((await pollAfter(5)).scopes).toEqual(['openid']);
  });

  it('is told access_denied once, and nothing afterwards', async () => {
    await devices.decide(userCodeHash, { allowed: false });
    await expect(poll()).rejects.toEqual(refusal('access_denied'));
    await expect(pollAfter(5)).rejects.toEqual(refusal('invalid_grant'));
  });

  it('is told expired_token from the second on at which the code ends, also where the person allowed it', async () => {
    await expect(pollAfter(299)).rejects.toEqual(refusal('authorization_pending'));
    await devices.decide(userCodeHash, allowed);
    await expect(pollAfter(1)).rejects.toEqual(refusal('expired_token'));
  });

  it('is told invalid_grant for a code that nobody was given', async () => {
    await expect(poll(television, createHandle())).rejects.toEqual(refusal('invalid_grant'));
  });

  it("is told invalid_grant for another client's code, which stays good", async () => {
    await devices.decide(userCodeHash, allowed);
    await expect(poll(stranger)).rejects.toEqual(refusal('invalid_grant'));
    expect((await pollAfter(5)).person?.subject).toBe('alice');
  });

  it('is told invalid_grant where the person may no longer use the client', async () => {
    await devices.decide(userCodeHash, allowed);
    profile.active = false;
    await expect(poll()).rejects.toEqual(refusal('invalid_grant'));
  });
});

describe('A device code', () => {
  it('is not redeemed twice', async () => {
    await devices.decide(userCodeHash, allowed);
    await poll();
    await expect(pollAfter(5)).rejects.toEqual(refusal('invalid_grant'));
  });

  it('is redeemed once of twenty polls that the interval does not tell apart', async () => {
    const unhurried = {
      ...waiting,
      handleHash: hashHandle('unhurried'),
      userCodeHash: hashHandle('KLMN'),
      interval: 0,
    };
    await devices.add(unhurried, 1000);
    await devices.decide(unhurried.userCodeHash, allowed);
    const polls = await Promise.allSettled(Array.from({ length: 20 }, () => poll(television, 'unhurried')));
    expect(polls.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const reasons = polls.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
    expect(reasons).toEqual(Array.from({ length: 19 }, () => refusal('invalid_grant')));
  });
});
