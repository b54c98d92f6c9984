import type { HandleHash } from '../handle.js';
import type { PushedRequest } from '../pushed-request.js';
import { PushedRequestStore } from '../stores/pushed-request.store.js';
import { Room } from './room.js';

/** What a request takes beside its parameters, in characters. */
const overhead = 500;

/**
 * Pushed requests in the memory of one server. The id of a public client is enough to push one, so their room is bounded: when it is full, the oldest
 * request of a client that holds the most gives way.
 */
export class InMemoryPushedRequestStore extends PushedRequestStore {
  private readonly requests = new Map<HandleHash, PushedRequest>();
  private readonly room: Room;

  /** `capacity`: characters of all requests. */
  constructor(capacity = 32_000_000) {
    super();
    this.room = new Room(capacity);
  }

  async add(request: PushedRequest): Promise<void> {
    this.requests.set(request.handleHash, request);
    this.room.add(request.clientId, request.handleHash, overhead + JSON.stringify(request.parameters).length);
    while (this.room.isOver) await this.remove(this.room.oldestOfLargest() as HandleHash);
  }

  async find(handleHash: HandleHash): Promise<PushedRequest | undefined> {
    return this.requests.get(handleHash);
  }

  async remove(handleHash: HandleHash): Promise<void> {
    const found = this.requests.get(handleHash);
    if (!found) return;
    this.requests.delete(handleHash);
    this.room.remove(found.clientId, handleHash);
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    const ended = [...this.requests.values()].filter(({ expiresAt }) => expiresAt < now).slice(0, limit);
    for (const { handleHash } of ended) await this.remove(handleHash);
    return ended.length;
  }
}
