import type { AuthorizationCode } from '../authorization-code.js';
import type { HandleHash } from '../handle.js';
import { AuthorizationCodeStore } from '../stores/authorization-code.store.js';
import { TokenMap } from './token-map.js';

export class InMemoryAuthorizationCodeStore extends AuthorizationCodeStore {
  private readonly codes = new TokenMap<AuthorizationCode>();

  async add(code: AuthorizationCode): Promise<void> {
    this.codes.set(code);
  }

  async find(handleHash: HandleHash): Promise<AuthorizationCode | undefined> {
    return this.codes.get(handleHash);
  }

  async redeem(handleHash: HandleHash): Promise<boolean> {
    // Nothing is awaited between the look and the change, so no other request comes in between.
    const code = this.codes.get(handleHash);
    if (!code || code.redeemed) return false;
    this.codes.set({ ...code, redeemed: true });
    return true;
  }

  async removeGrants(subject: string, clientId: string): Promise<readonly string[]> {
    const codes = this.codes.filter((code) => code.subject === subject && code.clientId === clientId);
    codes.forEach(({ handleHash }) => this.codes.remove(handleHash));
    return codes.map(({ familyId }) => familyId);
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    return this.codes.removeExpired(now, limit);
  }
}
