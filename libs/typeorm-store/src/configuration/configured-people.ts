import { normalizeUsername, type User } from '@tessera/resource-model';
import { sql } from '../database/statement.js';
import type { UserRow } from '../schema/user.schema.js';
import { ConfigurationEditError, type ConfiguredEntry, ConfiguredItems } from './configured-items.js';
import { userKind } from './configured-kinds.js';

const findByUsername = sql(`SELECT ${userKind.columns} FROM users WHERE username = ?`);
const setPasswordHash = sql(`UPDATE users SET password_hash = ? WHERE subject = ?`);

/** The people of the configuration. */
export class ConfiguredPeople extends ConfiguredItems<User, UserRow> {
  async findByUsername(username: string): Promise<ConfiguredEntry<User> | undefined> {
    return this.entry(await this.database.first(findByUsername, [normalizeUsername(username)]));
  }

  /**
   * A new password: of people of the configuration file, too, where it stays until the file says another than it said before.
   * @throws ConfigurationEditError where there is no such person
   */
  async setPasswordHash(subject: string, passwordHash: string): Promise<void> {
    const step = { statement: setPasswordHash, values: [passwordHash, subject], rows: 1 };
    if (await this.publish(subject, step)) return;
    throw new ConfigurationEditError(`There is no user ${JSON.stringify(subject)}.`);
  }
}
