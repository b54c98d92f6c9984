import { Injectable } from '@nestjs/common';
import { normalizeUsername, type User, UserStore } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { ConfigurationChanges } from './configuration-changes.js';
import { userKind } from './configured-kinds.js';
import { LiveCache } from './live-cache.js';

const mostUsers = 10_000;

/** As the model has it: what cannot be the subject of a person is not looked for. */
const subjectForm = /^[\x21-\x7E]{1,255}$/;

const findByUsername = sql(`SELECT ${userKind.columns} FROM users WHERE username = ?`);
const replace = sql(`UPDATE users SET password_hash = ? WHERE subject = ? AND password_hash = ?`);

@Injectable()
export class TypeOrmUserStore extends UserStore {
  private readonly bySubject: LiveCache<User>;

  constructor(
    private readonly database: Database,
    private readonly changes: ConfigurationChanges,
  ) {
    super();
    const bySubject = new LiveCache(mostUsers, async (subject) => {
      const row = await database.first(userKind.one, [subject]);
      return row && userKind.read(row);
    });
    this.bySubject = bySubject;
    changes.follow({
      kinds: ['user'],
      drop: (subject) => bySubject.drop(subject),
      dropAll: () => bySubject.dropAll(),
    });
  }

  async findBySubject(subject: string): Promise<User | undefined> {
    return subjectForm.test(subject) ? this.bySubject.get(subject) : undefined;
  }

  /** Always asked anew: who signs in shall meet the password that was set a moment ago. */
  async findByUsername(username: string): Promise<User | undefined> {
    // PostgreSQL refuses the character NUL; nobody is called so.
    if (username.includes('\0')) return undefined;
    const row = await this.database.first(findByUsername, [normalizeUsername(username)]);
    return row && userKind.read(row);
  }

  async replacePasswordHash(subject: string, from: string, to: string): Promise<boolean> {
    return this.changes.publish(
      [{ kind: 'user', key: subject }],
      [{ statement: replace, values: [to, subject, from], rows: 1 }],
    );
  }
}
