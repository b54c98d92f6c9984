import type { BackchannelAuthentication, BackchannelDecision } from '../backchannel-authentication.js';
import type { HandleHash } from '../handle.js';
import { BackchannelAuthenticationStore } from '../stores/backchannel-authentication.store.js';

/** Nothing is awaited between a look and its change, so no other request comes in between. */
export class InMemoryBackchannelAuthenticationStore extends BackchannelAuthenticationStore {
  private readonly byHandle = new Map<HandleHash, BackchannelAuthentication>();
  private readonly handleOf = new Map<string, HandleHash>();

  async add(authentication: BackchannelAuthentication, now: number, most: number): Promise<boolean> {
    const { subject, clientId } = authentication;
    if (this.waiting(subject, now).filter((one) => one.clientId === clientId).length >= most) return false;
    this.byHandle.set(authentication.handleHash, authentication);
    this.handleOf.set(authentication.id, authentication.handleHash);
    return true;
  }

  async find(id: string, subject: string): Promise<BackchannelAuthentication | undefined> {
    return this.byRequest(id, subject);
  }

  async waitingFor(subject: string, now: number): Promise<readonly BackchannelAuthentication[]> {
    return this.waiting(subject, now).sort((one, other) => other.createdAt - one.createdAt);
  }

  async decide(id: string, subject: string, decision: BackchannelDecision, now: number) {
    const found = this.byRequest(id, subject);
    if (!found || found.decision || found.expiresAt <= now) return undefined;
    const decided = { ...found, decision };
    this.byHandle.set(found.handleHash, decided);
    return decided;
  }

  async poll(handleHash: HandleHash, now: number, penalty: number) {
    const authentication = this.byHandle.get(handleHash);
    if (!authentication) return undefined;
    const { polledAt, interval } = authentication;
    const tooEarly = polledAt !== undefined && now - polledAt < interval;
    this.byHandle.set(handleHash, {
      ...authentication,
      polledAt: now,
      interval: tooEarly ? interval + penalty : interval,
    });
    return { authentication, tooEarly };
  }

  async redeem(handleHash: HandleHash): Promise<BackchannelAuthentication | undefined> {
    const found = this.byHandle.get(handleHash);
    if (found) this.remove(found);
    return found;
  }

  async removeGrants(subject: string, clientId: string): Promise<void> {
    const isGrant = (one: BackchannelAuthentication) =>
      one.decision?.allowed === true && one.subject === subject && one.clientId === clientId;
    [...this.byHandle.values()].filter(isGrant).forEach((one) => this.remove(one));
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    const ended = [...this.byHandle.values()].filter(({ expiresAt }) => expiresAt < now).slice(0, limit);
    ended.forEach((one) => this.remove(one));
    return ended.length;
  }

  private waiting(subject: string, now: number): BackchannelAuthentication[] {
    const isWaiting = (one: BackchannelAuthentication) =>
      one.subject === subject && !one.decision && one.expiresAt > now;
    return [...this.byHandle.values()].filter(isWaiting);
  }

  private byRequest(id: string, subject: string): BackchannelAuthentication | undefined {
    const handleHash = this.handleOf.get(id);
    const found = handleHash === undefined ? undefined : this.byHandle.get(handleHash);
    return found?.subject === subject ? found : undefined;
  }

  private remove({ handleHash, id }: BackchannelAuthentication): void {
    this.byHandle.delete(handleHash);
    this.handleOf.delete(id);
  }
}
