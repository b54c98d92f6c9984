import type { HandleHash } from '../handle.js';
import type { Interaction, InteractionAnswers } from '../interaction.js';
import { InteractionStore } from '../stores/interaction.store.js';
import { TokenMap } from './token-map.js';

/** Anybody can begin a sign-in, so their number is bounded: the oldest goes first. */
const most = 100_000;

export class InMemoryInteractionStore extends InteractionStore {
  private readonly interactions = new TokenMap<Interaction>();

  async add(interaction: Interaction): Promise<void> {
    if (this.interactions.size >= most) this.interactions.removeOldest();
    this.interactions.set(interaction);
  }

  async find(handleHash: HandleHash): Promise<Interaction | undefined> {
    return this.interactions.get(handleHash);
  }

  async answer(handleHash: HandleHash, answers: InteractionAnswers): Promise<boolean> {
    // Nothing is awaited between the look and the change, so no other request comes in between.
    const found = this.interactions.get(handleHash);
    if (!found) return false;
    this.interactions.set({ ...found, answers: { ...found.answers, ...answers } });
    return true;
  }

  async take(handleHash: HandleHash): Promise<Interaction | undefined> {
    const found = this.interactions.get(handleHash);
    this.interactions.remove(handleHash);
    return found;
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    return this.interactions.removeExpired(now, limit);
  }
}
