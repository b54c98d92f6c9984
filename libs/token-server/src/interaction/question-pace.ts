import { Injectable } from '@nestjs/common';
import { TooManyAttemptsError } from '@tessera/grant-types';
import { attemptKey, type DelayRule, SignInAttempts } from '@tessera/resource-model';

/** Questions of one client to one person: ten in ten minutes, and then one in five minutes. */
const rule: DelayRule = { free: 10, longest: 300, within: 600 };

/**
 * Keeps clients, and whoever types somebody's name into their forms, from asking a person until the wrong button is pressed (CIBA Core §14). Each client is
 * counted for itself, so that none can keep the others from a person. Servers that share their stores count together.
 */
@Injectable()
export class QuestionPace {
  constructor(private readonly attempts: SignInAttempts) {}

  /** Counts a question that is asked now. @throws TooManyAttemptsError */
  async ask(subject: string, clientId: string): Promise<void> {
    const { wait } = await this.attempts.enter(keyOf(subject, clientId), rule);
    if (wait > 0) throw new TooManyAttemptsError(wait, 'to one person', 'questions');
  }

  /** The person has agreed: what this client asked before was no flood. */
  async welcome(subject: string, clientId: string): Promise<void> {
    await this.attempts.forget(keyOf(subject, clientId));
  }
}

function keyOf(subject: string, clientId: string): string {
  return attemptKey('question', subject, clientId);
}
