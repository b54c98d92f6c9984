import { normalizeUsername, UserStore } from '../stores/user.store.js';
import { User } from '../user.js';

/** People as they were configured; what is changed here lasts until the process ends. */
export class InMemoryUserStore extends UserStore {
  private readonly bySubject: Map<string, User>;
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

  async replacePasswordHash(subject: string, from: string, to: string): Promise<boolean> {
    const user = this.bySubject.get(subject);
    if (user?.passwordHash !== from) return false;
    // A new one: what others have read, and what was configured, stays as it is.
    this.bySubject.set(subject, new User({ ...user, passwordHash: to }));
    return true;
  }
}
