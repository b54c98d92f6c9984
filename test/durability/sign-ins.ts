import type { Conversation } from './conversation.js';
import type { Journal } from './journal.js';
import { Person } from './person.js';
import type { Service } from './service.js';

/** People who sign in, one after the other. */
export class SignIns implements Conversation {
  private readonly signedIn: Person[] = [];
  private settled = 0;

  constructor(
    private readonly service: Service,
    private readonly journal: Journal,
  ) {}

  begin(): Promise<void> {
    return this.proceed();
  }

  async proceed(): Promise<void> {
    const person = new Person(this.service, this.journal);
    if (await person.signIn()) this.signedIn.push(person);
  }

  /** Everybody who signed in since the last time is still signed in. */
  async settle(): Promise<void> {
    await this.check(this.signedIn.slice(this.settled));
    this.settled = this.signedIn.length;
  }

  /** Everybody who ever signed in. */
  async settleEverything(): Promise<void> {
    await this.check(this.signedIn);
  }

  private async check(people: readonly Person[]): Promise<void> {
    for (const person of people) {
      if ((await person.code()) !== undefined) this.journal.count('Sessions known');
    }
  }
}
