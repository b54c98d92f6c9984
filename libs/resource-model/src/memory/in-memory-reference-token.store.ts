import type { HandleHash } from '../handle.js';
import type { ReferenceToken } from '../reference-token.js';
import { ReferenceTokenStore } from '../stores/reference-token.store.js';
import { TokenMap } from './token-map.js';

export class InMemoryReferenceTokenStore extends ReferenceTokenStore {
  private readonly tokens = new TokenMap<ReferenceToken>();

  async add(token: ReferenceToken): Promise<void> {
    this.tokens.set(token);
  }

  async find(handleHash: HandleHash): Promise<ReferenceToken | undefined> {
    return this.tokens.get(handleHash);
  }

  async remove(handleHash: HandleHash): Promise<void> {
    this.tokens.remove(handleHash);
  }

  async removeFamily(familyId: string): Promise<void> {
    this.tokens.removeFamily(familyId);
  }

  async removeGrants(subject: string, clientId: string): Promise<void> {
    const tokens = this.tokens.filter((token) => token.subject === subject && token.clientId === clientId);
    tokens.forEach(({ handleHash }) => this.tokens.remove(handleHash));
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    return this.tokens.removeExpired(now, limit);
  }
}
