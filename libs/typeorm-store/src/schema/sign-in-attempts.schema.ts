import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import { key, seconds, text } from './columns.js';

/** What is counted and held up under one key. */
export interface SignInAttemptsRow {
  readonly countedUnder: string;
  readonly tries: number;
  /** Seconds since 1970 with their fraction, by the clock of the database: when the count is forgotten. */
  readonly countedUntil: number;
  /** When the key is free again; 0: it is. */
  readonly heldUntil: number;
}

const moment = (name: string): EntitySchemaColumnOptions => ({ name, type: 'double precision' });

export const signInAttemptsSchema = new EntitySchema<SignInAttemptsRow>({
  name: 'sign_in_attempts',
  columns: {
    countedUnder: text('counted_under', key),
    tries: seconds('tries'),
    countedUntil: moment('counted_until'),
    heldUntil: moment('held_until'),
  },
  indices: [{ name: 'sign_in_attempts_end', columns: ['countedUntil'] }],
});
