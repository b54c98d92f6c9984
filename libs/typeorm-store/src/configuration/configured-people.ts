import { normalizeUsername, type User } from '@tessera/resource-model';
import { type Statement, sql } from '../database/statement.js';
import type { UserRow } from '../schema/user.schema.js';
import { ConfigurationEditError, type ConfiguredEntry, ConfiguredItems } from './configured-items.js';
import { userKind } from './configured-kinds.js';

/** What two people cannot have in common. */
type Named = Pick<User, 'subject' | 'username'>;

const findByUsername = sql(`SELECT ${userKind.columns} FROM users WHERE username = ?`);
const setPasswordHash = sql(`UPDATE users SET password_hash = ? WHERE subject = ?`);

/** The values of a JSON list, as many as they may be, for one statement. */
const listed = {
  sqlite: 'IN (SELECT value FROM json_each(?))',
  postgres: '= ANY (ARRAY(SELECT jsonb_array_elements_text(?::jsonb)))',
} as const;
const findAmong = {
  sqlite: among(listed.sqlite),
  postgres: among(listed.postgres),
} as const;

/** The people of the configuration. */
export class ConfiguredPeople extends ConfiguredItems<User, UserRow> {
  async findByUsername(username: string): Promise<ConfiguredEntry<User> | undefined> {
    return this.entry(await this.database.first(findByUsername, [normalizeUsername(username)]));
  }

  /** All who have a subject or a user name of one of these, in any order: for hundreds at a time. */
  async holdersOf(people: readonly Partial<Named>[]): Promise<readonly ConfiguredEntry<User>[]> {
    const { bySubject, byUsername } = findAmong[this.database.dialect];
    const subjects = people.flatMap(({ subject }) => subject ?? []);
    const usernames = people.flatMap(({ username }) => (username === undefined ? [] : normalizeUsername(username)));
    const found = [
      ...(await this.database.all(bySubject, [JSON.stringify(subjects)])),
      ...(await this.database.all(byUsername, [JSON.stringify(usernames)])),
    ];
    return [...new Map(found.map((row) => [row.subject, this.entry(row)!])).values()];
  }

  /**
   * As `change`, for hundreds of people at a time: all of them or none.
   * @returns false: nothing has happened, because one of them is not there or the file's, or the configuration was changed meanwhile
   */
  async tryChangeAll(changes: ReadonlyMap<string, (user: User) => User>): Promise<boolean> {
    const version = await this.changes.version();
    const entries = await this.holdersOf([...changes.keys()].map((subject) => ({ subject })));
    if (entries.length !== changes.size) return false;
    const changed = entries.map(({ item }) => changes.get(item.subject)!(item));
    return this.changes.publish(
      changed.map(({ subject: key }) => ({ kind: this.kind.name, key })),
      changed.map((item) => this.kind.change(item)),
      version,
    );
  }

  /**
   * A new password: of people of the configuration file, too, where it stays until the file says another than it said before.
   * @throws ConfigurationEditError where there is no such person
   */
  async setPasswordHash(subject: string, passwordHash: string): Promise<void> {
    const step = { statement: setPasswordHash, values: [passwordHash, subject], rows: 1 };
    if (await this.publish(subject, step)) return;
    throw new ConfigurationEditError(`There is no user ${JSON.stringify(subject)}.`, false);
  }
}

function among(list: string): Record<'bySubject' | 'byUsername', Statement> {
  const select = (column: string) => sql(`SELECT ${userKind.columns} FROM users WHERE ${column} ${list}`);
  return { bySubject: select('subject'), byUsername: select('username') };
}
