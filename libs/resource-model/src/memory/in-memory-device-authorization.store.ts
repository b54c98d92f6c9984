import type { DeviceAuthorization, DeviceDecision } from '../device-authorization.js';
import type { HandleHash } from '../handle.js';
import { DeviceAuthorizationStore } from '../stores/device-authorization.store.js';

/** Nothing is awaited between a look and its change, so no other request comes in between. */
export class InMemoryDeviceAuthorizationStore extends DeviceAuthorizationStore {
  private readonly byHandle = new Map<HandleHash, DeviceAuthorization>();
  private readonly handleOf = new Map<HandleHash, HandleHash>();

  async add(authorization: DeviceAuthorization, now: number): Promise<boolean> {
    const holder = this.byUserCode(authorization.userCodeHash);
    if (holder && holder.expiresAt > now) return false;
    if (holder) this.byHandle.delete(holder.handleHash);
    this.byHandle.set(authorization.handleHash, authorization);
    this.handleOf.set(authorization.userCodeHash, authorization.handleHash);
    return true;
  }

  async findByUserCode(userCodeHash: HandleHash): Promise<DeviceAuthorization | undefined> {
    return this.byUserCode(userCodeHash);
  }

  async decide(userCodeHash: HandleHash, decision: DeviceDecision): Promise<boolean> {
    const found = this.byUserCode(userCodeHash);
    if (!found || found.decision) return false;
    this.byHandle.set(found.handleHash, { ...found, decision });
    return true;
  }

  async poll(handleHash: HandleHash, now: number, penalty: number) {
    const authorization = this.byHandle.get(handleHash);
    if (!authorization) return undefined;
    const { polledAt, interval } = authorization;
    const tooEarly = polledAt !== undefined && now - polledAt < interval;
    this.byHandle.set(handleHash, {
      ...authorization,
      polledAt: now,
      interval: tooEarly ? interval + penalty : interval,
    });
    return { authorization, tooEarly };
  }

  async redeem(handleHash: HandleHash): Promise<DeviceAuthorization | undefined> {
    const found = this.byHandle.get(handleHash);
    if (found) this.remove(found);
    return found;
  }

  async removeGrants(subject: string, clientId: string): Promise<void> {
    const isGrant = ({ decision, ...device }: DeviceAuthorization) =>
      decision?.allowed === true && decision.subject === subject && device.clientId === clientId;
    [...this.byHandle.values()].filter(isGrant).forEach((one) => this.remove(one));
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    const ended = [...this.byHandle.values()].filter(({ expiresAt }) => expiresAt < now).slice(0, limit);
    ended.forEach((one) => this.remove(one));
    return ended.length;
  }

  private byUserCode(userCodeHash: HandleHash): DeviceAuthorization | undefined {
    const handleHash = this.handleOf.get(userCodeHash);
    return handleHash === undefined ? undefined : this.byHandle.get(handleHash);
  }

  private remove({ handleHash, userCodeHash }: DeviceAuthorization): void {
    this.byHandle.delete(handleHash);
    if (this.handleOf.get(userCodeHash) === handleHash) this.handleOf.delete(userCodeHash);
  }
}
