import type { HandleHash } from '../handle.js';
import type { Interaction, InteractionAnswers } from '../interaction.js';
import { InteractionStore } from '../stores/interaction.store.js';
import { Room } from './room.js';

/** What an interaction takes beside its texts, in characters: with it the room below holds 64,000 of the shortest. */
const overhead = 1000;

/** For what comes from no known address. */
const nowhere = '';

/**
 * Interactions in the memory of one server. Anybody can begin a sign-in, so their room is bounded. When it is full, the oldest interaction of a
 * network that takes the most of it goes first (the most to within a factor of two): a flood from one network, or from a few, pushes out its own.
 * It does not help people who share the network with the flood (behind a proxy that is not trusted, everybody does), nor against so many networks
 * that each takes no more than a person does.
 */
export class InMemoryInteractionStore extends InteractionStore {
  private readonly interactions = new Map<HandleHash, Interaction>();
  private readonly room: Room;

  /** @param capacity for all of them together, in characters; a character takes one byte, beyond Latin-1 two */
  constructor(capacity = 64_000_000) {
    super();
    this.room = new Room(capacity);
  }

  async add(interaction: Interaction): Promise<void> {
    const { handleHash, network = nowhere } = interaction;
    this.interactions.set(handleHash, interaction);
    this.room.add(network, handleHash, sizeOf(interaction));
    while (this.room.isOver) this.remove(this.room.oldestOfLargest() as HandleHash);
  }

  async find(handleHash: HandleHash): Promise<Interaction | undefined> {
    return this.interactions.get(handleHash);
  }

  async answer(handleHash: HandleHash, answers: InteractionAnswers): Promise<boolean> {
    // Nothing is awaited between the look and the change, so no other request comes in between.
    const found = this.interactions.get(handleHash);
    if (!found) return false;
    // Answers choose among what was asked for, so they are not counted: at the most they double it.
    this.interactions.set(handleHash, { ...found, answers: { ...found.answers, ...answers } });
    return true;
  }

  async take(handleHash: HandleHash): Promise<Interaction | undefined> {
    const found = this.interactions.get(handleHash);
    this.remove(handleHash);
    return found;
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    let removed = 0;
    for (const [handleHash, { expiresAt }] of this.interactions) {
      if (removed === limit) break;
      if (expiresAt >= now) continue;
      this.remove(handleHash);
      removed++;
    }
    return removed;
  }

  private remove(handleHash: HandleHash): void {
    const found = this.interactions.get(handleHash);
    if (!found) return;
    this.interactions.delete(handleHash);
    this.room.remove(found.network ?? nowhere, handleHash);
  }
}

function sizeOf({ parameters, answers }: Interaction): number {
  return overhead + JSON.stringify([parameters, answers]).length;
}
