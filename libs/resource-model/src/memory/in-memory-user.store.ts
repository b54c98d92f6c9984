import type { User } from '../user.js';
import { normalizeUsername, UserStore } from '../stores/user.store.js';

export class InMemoryUserStore extends UserStore {
  private readonly bySubject: ReadonlyMap<string, User>;
  private readonly subjectOf: ReadonlyMap<string, string>;

  constructor(users: readonly User[]) {
    super();
    this.bySubject = new Map(users.map((user) => [user.subject, user]));
    this.subjectOf = new Map(users.map((user) => [normalizeUsername(user.username), user.subject]));
  }

  async findBySubject(subject: string): Promise<User | undefined> {
    return this.bySubject.get(subject);
  }

  async findByUsername(username: string): Promise<User | undefined> {
    const subject = this.subjectOf.get(normalizeUsername(username));
    return subject === undefined ? undefined : this.bySubject.get(subject);
  }
}
