import type { HandleHash } from '../handle.js';
import type { RefreshToken, Rotation } from '../refresh-token.js';
import { RefreshTokenStore, type RotationOutcome } from '../stores/refresh-token.store.js';
import { TokenMap } from './token-map.js';

export class InMemoryRefreshTokenStore extends RefreshTokenStore {
  private readonly tokens = new TokenMap<RefreshToken>();

  async add(token: RefreshToken): Promise<void> {
    this.tokens.set(token);
  }

  async find(handleHash: HandleHash): Promise<RefreshToken | undefined> {
    return this.tokens.get(handleHash);
  }

  async rotate(handleHash: HandleHash, rotation: Rotation, successor: RefreshToken): Promise<RotationOutcome> {
    // Nothing is awaited between the look and the change, so no other request comes in between.
    const current = this.tokens.get(handleHash);
    if (!current || current.rotation) return { rotated: false, current };
    this.tokens.set({ ...current, rotation, expiresAt: rotation.keptUntil });
    this.tokens.set(successor);
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
    return this.tokens.removeExpired(now, limit);
  }
}
