import type { HandleHash } from '../handle.js';
import type { Interaction, InteractionAnswers } from '../interaction.js';

/**
 * Requests that wait for a person. Anybody can make any number of them, and most are never finished: a store whose room is limited makes room at the
 * cost of the networks that hold the most.
 */
export abstract class InteractionStore {
  abstract add(interaction: Interaction): Promise<void>;

  abstract find(handleHash: HandleHash): Promise<Interaction | undefined>;

  /** Adds to what the person has done, in one atomic step. False where the interaction is gone. */
  abstract answer(handleHash: HandleHash, answers: InteractionAnswers): Promise<boolean>;

  /** Uses it up in one atomic step: of any number of tries exactly one is given it. */
  abstract take(handleHash: HandleHash): Promise<Interaction | undefined>;

  /** Removes up to `limit` interactions that ended before `now` (seconds since 1970); tells how many. */
  abstract removeExpired(now: number, limit: number): Promise<number>;
}
