import { EntitySchema } from 'typeorm';
import { optional, text } from './columns.js';
import { configuredColumns, type ConfiguredItem } from './configured-item.schema.js';

/** A person as a row. */
export interface UserRow extends ConfiguredItem {
  /** In the form in which user names are compared; `data` has it as it was written. */
  readonly username: string;
  readonly passwordHash?: string;
  /** The hash that the configuration file declared last: it tells a change of the file from one that the person made. */
  readonly declaredPasswordHash?: string;
}

export const userSchema = new EntitySchema<UserRow>({
  name: 'users',
  columns: {
    ...configuredColumns('subject'),
    username: text('username'),
    passwordHash: text('password_hash', optional),
    declaredPasswordHash: text('declared_password_hash', optional),
  },
  indices: [
    { name: 'users_username', columns: ['username'], unique: true },
    { name: 'users_owner', columns: ['owner'] },
  ],
});
