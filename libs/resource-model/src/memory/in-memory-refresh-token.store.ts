import type { HandleHash } from '../handle.js';
import { type RefreshToken, type Rotation, usedUp } from '../refresh-token.js';
import { RefreshTokenStore, type RotationOutcome } from '../stores/refresh-token.store.js';
import { TokenMap } from './token-map.js';

/** What answered the use of a token, for as long as it may be given again. */
interface KeptResponse {
  readonly handleHash: HandleHash;
  readonly response: string;
  readonly expiresAt: number;
}

export class InMemoryRefreshTokenStore extends RefreshTokenStore {
  private readonly tokens = new TokenMap<RefreshToken>();
  private readonly responses = new TokenMap<KeptResponse>();

  async add(token: RefreshToken): Promise<void> {
    this.tokens.set(token);
  }

  async find(handleHash: HandleHash): Promise<RefreshToken | undefined> {
    const token = this.tokens.get(handleHash);
    if (!token?.rotation) return token;
    return { ...token, rotation: { ...token.rotation, response: this.responses.get(handleHash)?.response } };
  }

  async rotate(handleHash: HandleHash, rotation: Rotation, successor: RefreshToken): Promise<RotationOutcome> {
    // Nothing is awaited between the look and the change, so no other request comes in between.
    const current = this.tokens.get(handleHash);
    if (!current || current.rotation) return { rotated: false, current: await this.find(handleHash) };
    const { response, ...kept } = rotation;
    this.tokens.set(usedUp(current, kept));
    this.tokens.set(successor);
    if (response !== undefined) this.responses.set({ handleHash, response, expiresAt: rotation.responseUntil });
    return { rotated: true };
  }

  async touch(handleHash: HandleHash, expiresAt: number | undefined): Promise<boolean> {
    const token = this.tokens.get(handleHash);
    if (!token) return false;
    this.tokens.set({ ...token, expiresAt });
    return true;
  }

  async listBySubject(subject: string): Promise<readonly RefreshToken[]> {
    return this.tokens.filter((token) => token.subject === subject && !token.rotation);
  }

  async removeFamily(familyId: string): Promise<void> {
    this.tokens.removeFamily(familyId);
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    const removed = this.responses.removeExpired(now, limit);
    return removed + this.tokens.removeExpired(now, limit - removed);
  }
}
